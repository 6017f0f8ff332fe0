# ---- LocalUser, KnownAccount and GroupMember. Groups by their SIDs: their names are in the host's language.

function Resolve-Account([string]$Name) {
    $account = New-Object System.Security.Principal.NTAccount $Name
    try { return $account.Translate([System.Security.Principal.SecurityIdentifier]).Value } catch { return '' }
}

function Get-LocalName([string]$User) { return ([Environment]::MachineName + '\' + $User) }

function Get-UserSid([string]$User) {
    $name = $User
    if ($User -notmatch '[\\@]') { $name = Get-LocalName $User }
    $sid = Resolve-Account $name
    if ($sid -eq '') { throw ('there is no account ' + $name) }
    return $sid
}

# 4 and 5: a domain controller has no accounts of its own.
function Test-DomainController {
    $role = Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\ProductOptions'
    return ($role.ProductType -eq 'LanmanNT')
}

function Test-LocalUser([hashtable]$With) {
    if (Test-DomainController) { throw 'a domain controller has no local accounts: make one in the domain (mullion prepare domain), and name it here as DOMAIN\user' }
    $sid = Resolve-Account (Get-LocalName $With.User)
    Set-Detail $(if ($sid -ne '') { $sid } else { 'no account ' + $With.User })
    return ($sid -ne '')
}

function Save-LocalUser([hashtable]$With) { return @{ User = $With.User; Before = (Resolve-Account (Get-LocalName $With.User)) } }

function ConvertFrom-Password([System.Security.SecureString]$Secret) {
    $pointer = [System.Runtime.InteropServices.Marshal]::SecureStringToGlobalAllocUnicode($Secret)
    try { return [System.Runtime.InteropServices.Marshal]::PtrToStringUni($pointer) } finally { [System.Runtime.InteropServices.Marshal]::ZeroFreeGlobalAllocUnicode($pointer) }
}

# It is never a word of a program: those can be read by everybody on the host.
function Read-NewPassword([string]$User) {
    if ($Password -ne $null -and $Password.Length -ne 0) { return $Password }
    if ($Over -ne '') { throw ('the account ' + $User + ' has to be made, and no password came for it') }
    $first = Read-Host -AsSecureString -Prompt ('Password for the new account ' + $User)
    $again = Read-Host -AsSecureString -Prompt 'Once more'
    if ((ConvertFrom-Password $first) -cne (ConvertFrom-Password $again)) { throw 'the two passwords differ' }
    return $first
}

function Set-LocalUser([hashtable]$With) {
    $secret = Read-NewPassword $With.User
    $computer = [ADSI]('WinNT://' + [Environment]::MachineName + ',computer')
    $user = $computer.Create('User', $With.User)
    $user.SetPassword((ConvertFrom-Password $secret))
    $user.SetInfo()
    $user.Description = 'Monitoring by WinRM, made by mullion prepare'
    $user.SetInfo()
}

function Undo-LocalUser([hashtable]$Kept) {
    if ($Kept.Before -ne '') { Set-Detail 'it was there before, and stays'; return }
    if ((Resolve-Account (Get-LocalName $Kept.User)) -ne '') {
        $computer = [ADSI]('WinNT://' + [Environment]::MachineName + ',computer')
        $computer.Delete('User', $Kept.User)
    }
    Set-Detail ('no account ' + $Kept.User)
}

# An account of the domain is not made here: it is there, or the step fails.
function Test-KnownAccount([hashtable]$With) {
    Set-Detail (Get-UserSid $With.User)
    return $true
}

function Save-KnownAccount([hashtable]$With) { return @{ Before = '' } }
function Set-KnownAccount([hashtable]$With) { }
function Undo-KnownAccount([hashtable]$Kept) { }

# ---- GroupMember

function Get-GroupName([string]$Sid) {
    $group = New-Object System.Security.Principal.SecurityIdentifier $Sid
    try { $full = $group.Translate([System.Security.Principal.NTAccount]).Value } catch { return '' }
    return $full.Substring($full.LastIndexOf('\') + 1)
}

function Get-Group([string]$Name) { return [ADSI]('WinNT://' + [Environment]::MachineName + '/' + $Name + ',group') }

# A member that is gone has no SID to ask for: the end of its path has it.
function Get-MemberSid($Member) {
    try {
        $bytes = $Member.GetType().InvokeMember('objectSid', 'GetProperty', $null, $Member, $null)
        return (New-Object System.Security.Principal.SecurityIdentifier $bytes, 0).Value
    } catch {
        $path = [string]$Member.GetType().InvokeMember('ADsPath', 'GetProperty', $null, $Member, $null)
        return $path.Substring($path.LastIndexOf('/') + 1)
    }
}

function Test-Member([string]$Group, [string]$Sid) {
    foreach ($member in @((Get-Group $Group).PSBase.Invoke('Members'))) {
        if ((Get-MemberSid $member) -eq $Sid) { return $true }
    }
    return $false
}

# Before 2012 there is no Remote Management Users: then rights go to the account itself.
function Test-GroupMember([hashtable]$With) {
    $group = Get-GroupName $With.Group
    if ($group -eq '') { Set-Detail ('this Windows has no group ' + $With.Group); return $true }
    $there = Test-Member $group (Get-UserSid $With.User)
    Set-Detail $(if ($there) { 'in ' + $group } else { 'not in ' + $group })
    return $there
}

function Save-GroupMember([hashtable]$With) { return @{ Group = $With.Group; Sid = (Get-UserSid $With.User); Before = $false } }

function Set-GroupMember([hashtable]$With) {
    (Get-Group (Get-GroupName $With.Group)).Add('WinNT://' + (Get-UserSid $With.User))
}

function Undo-GroupMember([hashtable]$Kept) {
    $group = Get-GroupName $Kept.Group
    if ($group -ne '' -and (Test-Member $group $Kept.Sid)) { (Get-Group $group).Remove('WinNT://' + $Kept.Sid) }
    Set-Detail ('not in ' + $group)
}

# Whom rights are given to: the group, or the account where there is no such group.
function Get-Trustee([hashtable]$With) {
    if ((Get-GroupName $With.Group) -ne '') { return $With.Group }
    return (Get-UserSid $With.User)
}
