// The script of the mode pending-reboot, for --ps-exec-only and --centreon-compat. It prints one object of
// JSON with the names that Centreon's script has, and runs on PowerShell 2.0 too.
#pragma once

#include <string_view>

namespace mullion::checks {

inline constexpr std::string_view pending_reboot_script = R"PS($ProgressPreference = 'SilentlyContinue'
$ErrorActionPreference = 'Stop'
function Word($v) { if ($v -eq $null) { 'null' } elseif ($v) { 'true' } else { 'false' } }
function Quoted($s) { '"' + "$s".Replace('\', '\\').Replace('"', '\"') + '"' }
try {
    $registry = [WMIClass]'root\default:StdRegProv'
    $machine = [uint32]'0x80000002'
    $cbs = $null
    $keys = $registry.EnumKey($machine, 'SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing')
    if ($keys.ReturnValue -eq 0) { $cbs = @($keys.sNames) -contains 'RebootPending' }
    $keys = $registry.EnumKey($machine, 'SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update')
    $update = @($keys.sNames) -contains 'RebootRequired'
    $files = $registry.GetMultiStringValue($machine, 'SYSTEM\CurrentControlSet\Control\Session Manager', 'PendingFileRenameOperations')
    $renames = @($files.sValue | Where-Object { $_ }).Count -gt 0
    $names = 'SYSTEM\CurrentControlSet\Control\ComputerName\'
    $active = $registry.GetStringValue($machine, $names + 'ActiveComputerName', 'ComputerName').sValue
    $next = $registry.GetStringValue($machine, $names + 'ComputerName', 'ComputerName').sValue
    $client = $null
    try {
        $said = Invoke-WmiMethod -Namespace 'root\ccm\ClientSDK' -Class CCM_ClientUtilities -Name DetermineIfRebootPending
        $client = $said.IsHardRebootPending -or $said.RebootPending
    } catch { }
    $name = $active -ne $next
    $version = (Get-WmiObject Win32_OperatingSystem).Caption
    '{"WindowsVersion":' + (Quoted $version) + ',"CBServicing":' + (Word $cbs) + ',"WindowsUpdate":' + (Word $update) +
        ',"CCMClientSDK":' + (Word $client) + ',"PendFileRename":' + (Word $renames) + ',"PendComputerRename":' + (Word $name) +
        ',"RebootPending":' + (Word ($cbs -or $update -or $client -or $renames -or $name)) + '}'
} catch {
    "$($_.Exception)"
    exit 1
}
)PS";

}  // namespace mullion::checks
