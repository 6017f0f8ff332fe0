#include "doctor/monitoring/grants.h"

#include <fmt/core.h>

#include <algorithm>

namespace mullion::doctor::grant {
namespace {

// A text of PowerShell in single quotes.
std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + '\'';
}

Cause group(std::string_view name, std::string_view sid, const std::string& user) {
    return {std::string(name),
            {fmt::format("Add-LocalGroupMember -SID {} -Member {}   # {}", sid, quoted(user), name)}};
}

// (New-Object …).Translate: who the account is to a descriptor.
std::string sid_of(const std::string& user) {
    return fmt::format(
        "(New-Object "
        "Security.Principal.NTAccount({})).Translate([Security.Principal.SecurityIdentifier]).Value",
        quoted(user));
}

}  // namespace

Cause remote_management_users(const std::string& user) {
    return group("Remote Management Users", "S-1-5-32-580", user);
}

Cause performance_monitor_users(const std::string& user) {
    return group("Performance Monitor Users", "S-1-5-32-558", user);
}

Cause event_log_readers(const std::string& user) {
    return group("Event Log Readers", "S-1-5-32-573", user);
}

Cause administrators(const std::string& user) {
    return group("Administrators", "S-1-5-32-544", user);
}

Cause root_sddl() {
    return {
        "Read and Execute in WinRM's RootSDDL",
        {"winrm configSDDL default   # the group or account: Read (Get, Enumerate, Subscribe) and Execute "
         "(Invoke)"}};
}

Cause root_sddl_invoke() {
    return {"Execute (Invoke) in WinRM's RootSDDL",
            {"winrm configSDDL default   # the group or account: Execute (Invoke), beside Read"}};
}

Cause full_token() {
    return {
        "a local administrator's full token (UAC)",
        {"New-ItemProperty HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System "
         "LocalAccountTokenFilterPolicy -Value 1 -PropertyType DWord -Force   # only where the account is in "
         "Administrators"}};
}

Cause cim_namespace(std::string_view name, bool methods) {
    std::string path(name);
    std::replace(path.begin(), path.end(), '/', '\\');
    const auto* rights =
        methods ? "Enable Account, Remote Enable, Execute Methods" : "Enable Account, Remote Enable";
    return {fmt::format("{} on {}", rights, name),
            {fmt::format("wmimgmt.msc   # WMI Control, Properties, Security, {}: {}", path, rights)}};
}

Cause broken_counters() {
    return {"the host's counters are broken", {"lodctr /R", "winmgmt /resyncperf"}};
}

Cause no_such_class() {
    return {"the host's Windows has no such class", {}};
}

Cause security_privilege() {
    return {
        "Manage auditing and security log (SeSecurityPrivilege)",
        {"secpol.msc   # Local Policies, User Rights Assignment: WMI wants it for Security, beside Event Log "
         "Readers"}};
}

Cause quiet_log() {
    return {"the log was cleared, or nobody writes it",
            {"Get-WinEvent -ListLog System, Security   # RecordCount, LastWriteTime"}};
}

Cause service_manager(const std::string& user) {
    return {
        "List services (SDDL of the service control manager)",
        {"$sid = " + sid_of(user), "sc.exe sdshow scmanager",
         "sc.exe sdset scmanager \"D:…(A;;CCLCRPRC;;;$sid)S:…\"   # what was shown, with this before S:"}};
}

Cause single_services(const std::string& user) {
    return {"Query config and status of each service (its own SDDL)",
            {"$sid = " + sid_of(user), "sc.exe sdshow NAME",
             "sc.exe sdset NAME \"D:…(A;;CCLCLORC;;;$sid)S:…\"   # some protected ones cannot be changed"}};
}

Cause registry_key(std::string_view key) {
    return {fmt::format("Read on HKLM\\{}", key),
            {fmt::format("regedit   # HKLM\\{}, Permissions: Read", key)}};
}

Cause folder(std::string_view folder, const std::string& user) {
    std::string path(folder);
    std::replace(path.begin(), path.end(), '/', '\\');
    // A backslash before the closing quote would be the quote's.
    if (path.size() > 3 && path.ends_with('\\')) path.pop_back();
    return {fmt::format("List and read {} (NTFS)", path),
            {fmt::format("icacls {} /grant {}", quoted(path), quoted(user + ":(OI)(CI)(RX)"))}};
}

Cause folder_empty(std::string_view folder) {
    return {"it has no file, or is not there", {fmt::format("Get-ChildItem -Force {}", quoted(folder))}};
}

Cause remote_shells() {
    return {"AllowRemoteShellAccess", {"Set-Item WSMan:\\localhost\\Shell\\AllowRemoteShellAccess $true"}};
}

Cause remote_desktop_query() {
    return {"Query Information at Remote Desktop, or a local administrator",
            {"wmic /namespace:\\\\root\\cimv2\\TerminalServices PATH Win32_TSPermissionsSetting WHERE "
             "(TerminalName='RDP-Tcp') CALL AddAccount 'ACCOUNT',1"}};
}

Cause operations() {
    return {"a higher quota, or fewer questions at a time",
            {"winrm get winrm/config/service   # MaxConcurrentOperationsPerUser: 15 on WinRM 2.0",
             "Set-Item WSMan:\\localhost\\Service\\MaxConcurrentOperationsPerUser 4294967295",
             "winrm get winrm/config/winrs   # MaxShellsPerUser: 5 on WinRM 2.0"}};
}

}  // namespace mullion::doctor::grant
