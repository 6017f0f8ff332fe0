# ---- Entries of access lists: one is added or widened, all others stay as they are, byte for byte.

# The rights that entries which count for the object itself allow this SID. [MS-DTYP] 2.4.4.1: 8 is inherit-only, 16 inherited.
function Get-AllowedMask($Acl, [string]$Sid) {
    $mask = 0
    foreach ($ace in $Acl) {
        if ($ace -isnot [System.Security.AccessControl.CommonAce] -or $ace.AceQualifier -ne 'AccessAllowed') { continue }
        if ($ace.SecurityIdentifier.Value -ne $Sid -or ([int]$ace.AceFlags -band 8) -ne 0) { continue }
        $mask = $mask -bor $ace.AccessMask
    }
    return $mask
}

# Behind the explicit entries, before what is inherited: the order that Windows expects.
function Find-PlaceForAllow($Acl) {
    for ($i = 0; $i -lt $Acl.Count; $i++) {
        if (([int]$Acl[$i].AceFlags -band 16) -ne 0) { return $i }
    }
    return $Acl.Count
}

function Add-Allowed($Acl, [string]$Sid, [int]$Mask) {
    $trustee = New-Object System.Security.Principal.SecurityIdentifier $Sid
    $ace = New-Object System.Security.AccessControl.CommonAce 'None', 'AccessAllowed', $Mask, $trustee, $false, $null
    $Acl.InsertAce((Find-PlaceForAllow $Acl), $ace)
}

# Takes one such entry away: the last with exactly these rights.
function Remove-Allowed($Acl, [string]$Sid, [int]$Mask) {
    for ($i = $Acl.Count - 1; $i -ge 0; $i--) {
        $ace = $Acl[$i]
        if ($ace -isnot [System.Security.AccessControl.CommonAce] -or $ace.AceQualifier -ne 'AccessAllowed') { continue }
        if ($ace.SecurityIdentifier.Value -eq $Sid -and $ace.AccessMask -eq $Mask -and $ace.AceFlags -eq 'None') { $Acl.RemoveAce($i); return $true }
    }
    return $false
}

function Format-Mask([int]$Mask) { return ('0x{0:x}' -f $Mask) }

# ---- WmiNamespace: GetSD and SetSD of __SystemSecurity, the whole descriptor both ways.

function Get-NamespaceSecurity([string]$Namespace) {
    Add-Type -AssemblyName 'System.Management'
    return (New-Object System.Management.ManagementObject ('\\.\' + $Namespace + ':__SystemSecurity=@'))
}

function Test-Namespace([string]$Namespace) {
    try {
        (Get-NamespaceSecurity $Namespace).Get()
        return $true
    } catch {
        $inner = $_.Exception
        while ($inner.InnerException -ne $null) { $inner = $inner.InnerException }
        if ($inner -is [System.Management.ManagementException] -and [string]$inner.ErrorCode -eq 'InvalidNamespace') { return $false }
        throw
    }
}

function Read-NamespaceDescriptor([string]$Namespace) {
    $answer = New-Object object[] 1
    $code = (Get-NamespaceSecurity $Namespace).InvokeMethod('GetSD', $answer)
    if ([uint32]$code -ne 0) { throw ('WMI gave ' + $code + ' for the security of ' + $Namespace) }
    return (New-Object System.Security.AccessControl.RawSecurityDescriptor ([byte[]]$answer[0]), 0)
}

function Write-NamespaceDescriptor([string]$Namespace, $Descriptor) {
    $bytes = New-Object byte[] $Descriptor.BinaryLength
    $Descriptor.GetBinaryForm($bytes, 0)
    $words = New-Object object[] 1
    $words[0] = $bytes
    $code = (Get-NamespaceSecurity $Namespace).InvokeMethod('SetSD', $words)
    if ([uint32]$code -ne 0) { throw ('WMI gave ' + $code + ' when the security of ' + $Namespace + ' was set') }
}

function Test-WmiNamespace([hashtable]$With) {
    if (-not (Test-Namespace $With.Namespace)) { Set-Detail 'this Windows has no such namespace'; return $true }
    $trustee = Get-Trustee $With
    $has = Get-AllowedMask (Read-NamespaceDescriptor $With.Namespace).DiscretionaryAcl $trustee
    Set-Detail ($trustee + ' has ' + (Format-Mask $has))
    return (($has -band $With.Mask) -eq $With.Mask)
}

function Save-WmiNamespace([hashtable]$With) {
    $descriptor = Read-NamespaceDescriptor $With.Namespace
    return @{ Namespace = $With.Namespace; Sid = (Get-Trustee $With); Mask = $With.Mask; Before = $descriptor.GetSddlForm('All') }
}

function Set-WmiNamespace([hashtable]$With) {
    $descriptor = Read-NamespaceDescriptor $With.Namespace
    Add-Allowed $descriptor.DiscretionaryAcl (Get-Trustee $With) $With.Mask
    Write-NamespaceDescriptor $With.Namespace $descriptor
}

# Only the entry that was added goes: what others did since stays.
function Undo-WmiNamespace([hashtable]$Kept) {
    $descriptor = Read-NamespaceDescriptor $Kept.Namespace
    if (Remove-Allowed $descriptor.DiscretionaryAcl $Kept.Sid $Kept.Mask) { Write-NamespaceDescriptor $Kept.Namespace $descriptor }
    Set-Detail ($Kept.Sid + ' has ' + (Format-Mask (Get-AllowedMask $descriptor.DiscretionaryAcl $Kept.Sid)))
}

# ---- RootSddl: who may use WinRM.

function Read-RootSddl {
    $item = Read-WsmanItem 'Service\RootSDDL'
    return @{ Text = [string]$item.Value; Source = (Read-WsmanSource $item) }
}

# Full rights (GA) hold the others.
function Test-Covers([int]$Has, [int]$Wanted) {
    return (($Has -band $Wanted) -eq $Wanted -or ($Has -band 0x10000000) -ne 0)
}

function Test-RootSddl([hashtable]$With) {
    $now = Read-RootSddl
    $descriptor = New-Object System.Security.AccessControl.RawSecurityDescriptor $now.Text
    $trustee = Get-Trustee $With
    $has = Get-AllowedMask $descriptor.DiscretionaryAcl $trustee
    Set-Detail ($trustee + ' has ' + (Format-Mask $has) + ' in RootSDDL')
    if (Test-Covers $has $With.Mask) { return $true }
    if ($now.Source -eq 'GPO') { throw 'RootSDDL is set by Group Policy: change it there' }
    return $false
}

function Save-RootSddl([hashtable]$With) {
    return @{ Sid = (Get-Trustee $With); Mask = $With.Mask; Before = (Read-RootSddl).Text }
}

function Set-RootSddl([hashtable]$With) {
    $descriptor = New-Object System.Security.AccessControl.RawSecurityDescriptor (Read-RootSddl).Text
    Add-Allowed $descriptor.DiscretionaryAcl (Get-Trustee $With) $With.Mask
    Write-WsmanValue 'Service\RootSDDL' ($descriptor.GetSddlForm('All'))
}

function Undo-RootSddl([hashtable]$Kept) {
    $descriptor = New-Object System.Security.AccessControl.RawSecurityDescriptor (Read-RootSddl).Text
    if (Remove-Allowed $descriptor.DiscretionaryAcl $Kept.Sid $Kept.Mask) { Write-WsmanValue 'Service\RootSDDL' ($descriptor.GetSddlForm('All')) }
    Set-Detail ($Kept.Sid + ' has ' + (Format-Mask (Get-AllowedMask $descriptor.DiscretionaryAcl $Kept.Sid)) + ' in RootSDDL')
}

# ---- ServiceManager: the SDDL of the service control manager, as text: nothing of it is written anew.

function Read-ManagerSddl {
    $text = (Invoke-Program 'sc.exe' @('sdshow', 'scmanager')).Trim()
    $found = [regex]::Match($text, '^(?<head>.*?D:[A-Z]*(\([^()]*\))*)(?<tail>(S:[A-Z]*(\([^()]*\))*)?)$')
    if (-not $found.Success) { throw ('the SDDL of the service manager is of a form that is not known here: ' + $text) }
    return @{ Text = $text; Head = $found.Groups['head'].Value; Tail = $found.Groups['tail'].Value }
}

function Get-ManagerEntry([string]$Sid) { return ('(A;;CCLCRPRC;;;' + $Sid + ')') }

function Test-ServiceManager([hashtable]$With) {
    $sid = Get-UserSid $With.User
    $sddl = Read-ManagerSddl
    $mask = Get-AllowedMask (New-Object System.Security.AccessControl.RawSecurityDescriptor $sddl.Text).DiscretionaryAcl $sid
    Set-Detail ($sid + ' has ' + (Format-Mask $mask))
    return (($mask -band 0x20015) -eq 0x20015)  # CC LC RP RC
}

function Save-ServiceManager([hashtable]$With) { return @{ Sid = (Get-UserSid $With.User); Before = (Read-ManagerSddl).Text } }

function Set-ServiceManager([hashtable]$With) {
    $sddl = Read-ManagerSddl
    [void](Invoke-Program 'sc.exe' @('sdset', 'scmanager', ($sddl.Head + (Get-ManagerEntry (Get-UserSid $With.User)) + $sddl.Tail)))
}

function Undo-ServiceManager([hashtable]$Kept) {
    $sddl = Read-ManagerSddl
    $entry = Get-ManagerEntry $Kept.Sid
    $place = $sddl.Head.LastIndexOf($entry)
    if ($place -ge 0) { [void](Invoke-Program 'sc.exe' @('sdset', 'scmanager', ($sddl.Head.Remove($place, $entry.Length) + $sddl.Tail))) }
    Set-Detail ('no entry ' + $entry)
}
