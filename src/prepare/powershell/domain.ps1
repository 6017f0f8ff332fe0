# ---- The domain's side: policies, a certificate template, an account. On a domain controller, or where the tools of one are.

function Import-DomainTools {
    foreach ($name in @('GroupPolicy', 'ActiveDirectory')) {
        if (@(Get-Module -Name $name).Count -eq 0) { Import-Module -Name $name -WarningAction SilentlyContinue }
    }
}

# DomainTools: the modules and the domain are there; nothing is changed.
function Test-DomainTools([hashtable]$With) {
    foreach ($name in @('GroupPolicy', 'ActiveDirectory')) {
        if (@(Get-Module -Name $name -ListAvailable).Count -eq 0) { throw ('there is no module ' + $name + ': run it on a domain controller, or install the remote administration tools (RSAT)') }
    }
    # Before anything is changed: those of 2008 R2 know nothing of firewalls, and would fail in the middle.
    if ((Get-Command -Name 'Open-NetGPO' -ErrorAction SilentlyContinue) -eq $null) { throw 'this needs the tools of Windows Server 2012 or later: there is no Open-NetGPO here' }
    Import-DomainTools
    $MullionRun.Domain = Get-ADDomain -Identity $With.Domain
    $MullionRun.Server = @(Get-ADDomainController -Discover -DomainName $With.Domain -Writable | ForEach-Object { $_.HostName })[0]
    Set-Detail ($MullionRun.Domain.DNSRoot + ' by ' + $MullionRun.Server)
    return $true
}

function Save-DomainTools([hashtable]$With) { return @{ Before = '' } }
function Set-DomainTools([hashtable]$With) { }
function Undo-DomainTools([hashtable]$Kept) { }

# Each kept state names the domain: an undo is made without the steps before it.
function Connect-Domain([string]$Name) {
    if (-not $MullionRun.ContainsKey('Domain')) { [void](Test-DomainTools @{ Domain = $Name }) }
}

function Get-Policy([string]$Name) {
    return (Get-GPO -All -Domain $MullionRun.Domain.DNSRoot -Server $MullionRun.Server | Where-Object { $_.DisplayName -eq $Name } | Select-Object -First 1)
}

function Get-PolicyWords([string]$Name) {
    return @{ Name = $Name; Domain = $MullionRun.Domain.DNSRoot; Server = $MullionRun.Server }
}

# ---- Gpo: the policy object itself.

function Test-Gpo([hashtable]$With) {
    $policy = Get-Policy $With.Gpo
    Set-Detail $(if ($policy -ne $null) { 'policy ' + $With.Gpo + ' {' + $policy.Id + '}' } else { 'no policy ' + $With.Gpo })
    return ($policy -ne $null)
}

function Save-Gpo([hashtable]$With) { return @{ Gpo = $With.Gpo; Domain = $With.Domain; Before = '' } }

function Set-Gpo([hashtable]$With) {
    $words = Get-PolicyWords $With.Gpo
    [void](New-GPO @words -Comment 'Made by mullion prepare domain')
}

# Registry.pol without a value in it. [MS-GPREG] 2.2.1: a header of 8 bytes, and [key;value;type;size;data]. What the firewall's tools leave
# behind their last rule is the version of their rules, which is no setting.
function Test-NoPolicyValues([string]$Path) {
    $bytes = [System.IO.File]::ReadAllBytes($Path)
    if ($bytes.Length -le 8) { return $true }
    $text = [System.Text.Encoding]::Unicode.GetString($bytes, 8, $bytes.Length - 8)
    return ([regex]::Replace($text, '(?is)\[Software\\Policies\\Microsoft\\WindowsFirewall\x00;PolicyVersion\x00;..;..;..\]', '') -eq '')
}

# What is in it beside what was made with it, once all of ours is put back; empty: nothing.
function Find-ForeignContent($Policy) {
    $root = Split-Path -Path (Get-PolicyFolder $Policy) -Parent
    foreach ($file in @(Get-ChildItem -Path $root -Recurse -Force)) {
        if ($file.PSIsContainer -or @('GPT.INI', 'GPO.cmt') -contains $file.Name) { continue }
        if ($file.Name -ne 'Registry.pol' -or -not (Test-NoPolicyValues $file.FullName)) { return $file.FullName }
    }
    # Itself, and a container for each half: [MS-GPOL] 2.2.2. Some extensions keep their settings below those.
    $objects = @(Get-ADObject -SearchBase (Get-PolicyPath $Policy) -LDAPFilter '(objectClass=*)' -Server $MullionRun.Server)
    if ($objects.Count -gt 3) { return 'settings that stand in the directory' }
    $links = @(Get-ADObject -SearchBase $MullionRun.Domain.DistinguishedName -LDAPFilter ('(gPLink=*{' + $Policy.Id + '}*)') -Server $MullionRun.Server)
    if ($links.Count -ne 0) { return 'a link at ' + $links[0].DistinguishedName }
    return ''
}

function Undo-Gpo([hashtable]$Kept) {
    Connect-Domain $Kept.Domain
    $policy = Get-Policy $Kept.Gpo
    if ($policy -ne $null) {
        $foreign = Find-ForeignContent $policy
        if ($foreign -ne '') { Set-Detail ('policy ' + $Kept.Gpo + ' stays, as others have put more into it: ' + $foreign); return }
        $words = Get-PolicyWords $Kept.Gpo
        Remove-GPO @words
    }
    Set-Detail ('no policy ' + $Kept.Gpo)
}

# ---- GpoLink and GpoEnforced: at the domain itself.

function Get-Link([string]$Gpo) {
    $links = (Get-GPInheritance -Target $MullionRun.Domain.DistinguishedName -Domain $MullionRun.Domain.DNSRoot -Server $MullionRun.Server).GpoLinks
    return (@($links) | Where-Object { $_ -ne $null -and $_.DisplayName -eq $Gpo } | Select-Object -First 1)
}

function Test-GpoLink([hashtable]$With) {
    $link = Get-Link $With.Gpo
    Set-Detail $(if ($link -eq $null) { 'not linked' } elseif ($link.Enabled) { 'linked' } else { 'linked, but not enabled' })
    return ($link -ne $null -and $link.Enabled)
}

function Save-GpoLink([hashtable]$With) {
    $before = $(if ((Get-Link $With.Gpo) -ne $null) { 'disabled' } else { 'none' })
    return @{ Gpo = $With.Gpo; Domain = $With.Domain; Before = $before }
}

function Set-GpoLink([hashtable]$With) {
    $words = Get-PolicyWords $With.Gpo
    $words.Target = $MullionRun.Domain.DistinguishedName
    if ((Get-Link $With.Gpo) -eq $null) { [void](New-GPLink @words -LinkEnabled Yes) } else { [void](Set-GPLink @words -LinkEnabled Yes) }
}

function Undo-GpoLink([hashtable]$Kept) {
    Connect-Domain $Kept.Domain
    $words = Get-PolicyWords $Kept.Gpo
    $words.Target = $MullionRun.Domain.DistinguishedName
    if ((Get-Link $Kept.Gpo) -ne $null) {
        if ($Kept.Before -eq 'none') { [void](Remove-GPLink @words) } else { [void](Set-GPLink @words -LinkEnabled No) }
    }
    Set-Detail $(if ($Kept.Before -eq 'none') { 'not linked' } else { 'linked, but not enabled' })
}

function Set-Enforced([string]$Gpo, [string]$Word) {
    $words = Get-PolicyWords $Gpo
    $words.Target = $MullionRun.Domain.DistinguishedName
    [void](Set-GPLink @words -Enforced $Word)
}

function Test-GpoEnforced([hashtable]$With) {
    $link = Get-Link $With.Gpo
    if ($link -eq $null) { throw ('the policy ' + $With.Gpo + ' is not linked') }
    Set-Detail $(if ($link.Enforced) { 'enforced' } else { 'not enforced' })
    return [bool]$link.Enforced
}

function Save-GpoEnforced([hashtable]$With) { return @{ Gpo = $With.Gpo; Domain = $With.Domain; Before = 'No' } }
function Set-GpoEnforced([hashtable]$With) { Set-Enforced $With.Gpo 'Yes' }

function Undo-GpoEnforced([hashtable]$Kept) {
    Connect-Domain $Kept.Domain
    if ((Get-Link $Kept.Gpo) -ne $null) { Set-Enforced $Kept.Gpo 'No' }
    Set-Detail 'not enforced'
}

# ---- GpoRegistry: a policy that is a value of the registry, as those of administrative templates are.

function Read-PolicyValue([string]$Gpo, [string]$Key, [string]$Name) {
    $words = Get-PolicyWords $Gpo
    try { $found = Get-GPRegistryValue @words -Key $Key -ValueName $Name } catch { return @{ There = $false } }
    if ($found.PolicyState -ne 'Set') { return @{ There = $false } }
    # Text comes with the zero that ends it.
    $value = $found.Value
    if ($value -is [string]) { $value = $value.TrimEnd([char]0) }
    return @{ There = $true; Type = [string]$found.Type; Value = $value }
}

function Write-PolicyValue([string]$Gpo, [string]$Key, [string]$Name, [string]$Type, $Value) {
    $words = Get-PolicyWords $Gpo
    [void](Set-GPRegistryValue @words -Key $Key -ValueName $Name -Type $Type -Value $Value)
}

function Test-GpoRegistry([hashtable]$With) {
    $now = Read-PolicyValue $With.Gpo $With.Key $With.Name
    Set-Detail $(if ($now.There) { $With.Name + ' = ' + $now.Value } else { $With.Name + ' is not configured' })
    return ($now.There -and $now.Type -eq $With.Type -and [string]$now.Value -eq [string]$With.Value)
}

function Save-GpoRegistry([hashtable]$With) {
    return @{ Gpo = $With.Gpo; Domain = $With.Domain; Key = $With.Key; Name = $With.Name; After = $With.Value; Before = (Read-PolicyValue $With.Gpo $With.Key $With.Name) }
}

function Set-GpoRegistry([hashtable]$With) { Write-PolicyValue $With.Gpo $With.Key $With.Name $With.Type $With.Value }

function Undo-GpoRegistry([hashtable]$Kept) {
    Connect-Domain $Kept.Domain
    if ((Get-Policy $Kept.Gpo) -eq $null) { Set-Detail ('no policy ' + $Kept.Gpo); return }
    $now = Read-PolicyValue $Kept.Gpo $Kept.Key $Kept.Name
    if ($now.There -and [string]$now.Value -ne [string]$Kept.After) { Set-Detail ($Kept.Name + ' = ' + $now.Value + ', which was set since and stays'); return }
    if ($Kept.Before.There) {
        Write-PolicyValue $Kept.Gpo $Kept.Key $Kept.Name $Kept.Before.Type $Kept.Before.Value
    } elseif ($now.There) {
        $words = Get-PolicyWords $Kept.Gpo
        [void](Remove-GPRegistryValue @words -Key $Kept.Key -ValueName $Kept.Name)
    }
    Set-Detail $(if ($Kept.Before.There) { $Kept.Name + ' = ' + $Kept.Before.Value } else { $Kept.Name + ' is not configured' })
}

# ---- GpoEnrollmentId: the directory's own enrolment policy has the GUID of the forest's root domain for its ID. Clients pass over
# one with another ID, or with none, and nothing is enrolled by itself any more. [MS-CAESO] 4.4.5.3.2.4

function Get-EnrollmentId {
    $domain = $MullionRun.Domain
    # A forest has its root domain's name.
    if ($domain.Forest -ne $domain.DNSRoot) { $domain = Get-ADDomain -Identity $domain.Forest -Server $domain.Forest }
    return ('{' + $domain.ObjectGUID.ToString().ToUpperInvariant() + '}')
}

function Add-EnrollmentId([hashtable]$With) {
    $whole = $With.Clone()
    $whole.Value = Get-EnrollmentId
    return $whole
}

function Test-GpoEnrollmentId([hashtable]$With) { return (Test-GpoRegistry (Add-EnrollmentId $With)) }
function Save-GpoEnrollmentId([hashtable]$With) { return (Save-GpoRegistry (Add-EnrollmentId $With)) }
function Set-GpoEnrollmentId([hashtable]$With) { Set-GpoRegistry (Add-EnrollmentId $With) }
function Undo-GpoEnrollmentId([hashtable]$Kept) { Undo-GpoRegistry $Kept }

# ---- GpoDcom: a machine-wide restriction of DCOM, with the group added to what counts now.

function Get-DcomBase([hashtable]$With) {
    $now = Read-PolicyValue $With.Gpo $With.Key $With.Name
    if ($now.There -and [string]$now.Value -ne '') { return (New-Object System.Security.AccessControl.RawSecurityDescriptor ([string]$now.Value)) }
    # Without a policy it is Windows' own, which stands in the registry of each machine: here it is this one's.
    $bytes = [byte[]](Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Ole').($With.Name)
    return (New-Object System.Security.AccessControl.RawSecurityDescriptor $bytes, 0)
}

function Test-GpoDcom([hashtable]$With) {
    $now = Read-PolicyValue $With.Gpo $With.Key $With.Name
    if (-not $now.There -or [string]$now.Value -eq '') { Set-Detail ($With.Name + ' is not configured'); return $false }
    $mask = Get-AllowedMask (New-Object System.Security.AccessControl.RawSecurityDescriptor ([string]$now.Value)).DiscretionaryAcl $With.Group
    Set-Detail ($With.Group + ' has ' + (Format-Mask $mask) + ' in ' + $With.Name)
    return (($mask -band $With.Mask) -eq $With.Mask)
}

function Get-DcomSddl([hashtable]$With) {
    $descriptor = Get-DcomBase $With
    if (((Get-AllowedMask $descriptor.DiscretionaryAcl $With.Group) -band $With.Mask) -ne $With.Mask) { Add-Allowed $descriptor.DiscretionaryAcl $With.Group $With.Mask }
    return $descriptor.GetSddlForm('All')
}

function Save-GpoDcom([hashtable]$With) {
    return @{ Gpo = $With.Gpo; Domain = $With.Domain; Key = $With.Key; Name = $With.Name; After = (Get-DcomSddl $With); Before = (Read-PolicyValue $With.Gpo $With.Key $With.Name) }
}

function Set-GpoDcom([hashtable]$With) { Write-PolicyValue $With.Gpo $With.Key $With.Name 'String' (Get-DcomSddl $With) }
function Undo-GpoDcom([hashtable]$Kept) { Undo-GpoRegistry $Kept }

# ---- GpoFirewall: a rule in the policy's own store. At the same domain controller as everything else: by itself it would be another
# one's copy of the policy, which need not know a new one yet, and whose version would be changed beside ours.

$MullionRuleMark = 'Made by mullion prepare domain'

function Open-PolicyRules([string]$Gpo) {
    return (Open-NetGPO -PolicyStore ($MullionRun.Domain.DNSRoot + '\' + $Gpo) -DomainController $MullionRun.Server)
}

function Find-PolicyRules([string]$Session, [string]$Name) {
    return @(Get-NetFirewallRule -GPOSession $Session -ErrorAction SilentlyContinue | Where-Object { $_.DisplayName -eq $Name })
}

# No profile is every profile.
function Read-PolicyRule([string]$Session, $Rule) {
    $port = Get-NetFirewallPortFilter -AssociatedNetFirewallRule $Rule -GPOSession $Session
    $address = Get-NetFirewallAddressFilter -AssociatedNetFirewallRule $Rule -GPOSession $Session
    $profiles = [int]$Rule.Profile
    if (($profiles -band 7) -eq 0) { $profiles = 7 }
    $open = [string]$Rule.Enabled -eq 'True' -and [string]$Rule.Action -eq 'Allow' -and [string]$port.Protocol -eq 'TCP'
    return @{ Port = (@($port.LocalPort) -join ','); From = (@($address.RemoteAddress) -join ','); ProfileBits = ($profiles -band 7); Open = $open }
}

function Test-GpoFirewall([hashtable]$With) {
    $session = Open-PolicyRules $With.Gpo
    $rules = @(Find-PolicyRules $session $With.Name)
    if ($rules.Count -eq 0) { Set-Detail ('no rule ' + $With.Name); return $false }
    $now = Read-PolicyRule $session $rules[0]
    Set-Detail ('port ' + $now.Port + ' from ' + $now.From + $(if ($now.Open) { '' } else { ', not open' }))
    $same = $now.Open -and $now.Port -eq $With.Port -and $now.ProfileBits -eq $With.ProfileBits
    return ($rules.Count -eq 1 -and $same -and (Test-SameAddresses $now.From ($With.From -join ',')))
}

function Save-GpoFirewall([hashtable]$With) {
    foreach ($rule in @(Find-PolicyRules (Open-PolicyRules $With.Gpo) $With.Name)) {
        if ([string]$rule.Description -ne $MullionRuleMark) { throw ('the policy has a rule ' + $With.Name + ' that somebody else made: look at it, and remove or rename it') }
    }
    return @{ Gpo = $With.Gpo; Domain = $With.Domain; Name = $With.Name; Before = 'none' }
}

# Those of ours: with other options they were others.
function Remove-PolicyRules([string]$Session, [string]$Name) {
    foreach ($rule in @(Find-PolicyRules $Session $Name)) {
        if ([string]$rule.Description -eq $MullionRuleMark) { Remove-NetFirewallRule -Name $rule.Name -GPOSession $Session }
    }
}

function Set-GpoFirewall([hashtable]$With) {
    $session = Open-PolicyRules $With.Gpo
    Remove-PolicyRules $session $With.Name
    [void](New-NetFirewallRule -GPOSession $session -DisplayName $With.Name -Direction Inbound -Action Allow -Protocol TCP -LocalPort $With.Port -Profile ($With.Profiles -join ', ') -RemoteAddress $With.From -Description $MullionRuleMark)
    Save-NetGPO -GPOSession $session
}

function Undo-GpoFirewall([hashtable]$Kept) {
    Connect-Domain $Kept.Domain
    if ((Get-Policy $Kept.Gpo) -ne $null) {
        $session = Open-PolicyRules $Kept.Gpo
        Remove-PolicyRules $session $Kept.Name
        Save-NetGPO -GPOSession $session
    }
    Set-Detail ('no rule ' + $Kept.Name)
}

# ---- Files of a policy, and what makes clients look at them. [MS-GPOL] 2.2.4

function Get-PolicyFolder($Policy) {
    return ('\\' + $MullionRun.Server + '\SYSVOL\' + $MullionRun.Domain.DNSRoot + '\Policies\{' + $Policy.Id + '}\Machine')
}

# "[{extension}{tool}{tool}][...]": each extension once, with all of its tools, in ascending order.
function Add-ExtensionPair([string]$Names, [string]$Pair) {
    $tools = @{}
    foreach ($group in [regex]::Matches($Names + $Pair, '\[[^\]]*\]')) {
        $guids = @([regex]::Matches($group.Value, '\{[^}]*\}') | ForEach-Object { $_.Value.ToUpperInvariant() })
        if ($guids.Count -eq 0) { continue }
        if (-not $tools.ContainsKey($guids[0])) { $tools[$guids[0]] = @() }
        for ($i = 1; $i -lt $guids.Count; $i++) { $tools[$guids[0]] = @($tools[$guids[0]]) + $guids[$i] }
    }
    $groups = @($tools.Keys | Sort-Object | ForEach-Object { '[' + $_ + (@($tools[$_] | Sort-Object -Unique) -join '') + ']' })
    return ($groups -join '')
}

# What the directory has of it; nothing where it is not set.
function Read-Attribute($Object, [string]$Name) {
    $values = $Object[$Name]
    if ($null -eq $values) { return $null }
    return $values.Value
}

function Get-PolicyPath($Policy) { return ('CN={' + $Policy.Id + '},CN=Policies,CN=System,' + $MullionRun.Domain.DistinguishedName) }

function Read-ExtensionNames($Policy) {
    return [string](Read-Attribute (Get-ADObject -Identity (Get-PolicyPath $Policy) -Properties 'gPCMachineExtensionNames' -Server $MullionRun.Server) 'gPCMachineExtensionNames')
}

# The version of the computer's half is the lower 16 bits, in the directory and in GPT.INI alike.
function Update-PolicyVersion($Policy, [string[]]$Pairs) {
    $path = Get-PolicyPath $Policy
    $object = Get-ADObject -Identity $path -Properties 'versionNumber' -Server $MullionRun.Server
    $names = Read-ExtensionNames $Policy
    foreach ($pair in $Pairs) { $names = Add-ExtensionPair $names $pair }
    $version = [int](Read-Attribute $object 'versionNumber') + 1
    $changes = @{ versionNumber = $version }
    if ($names -ne '') { $changes['gPCMachineExtensionNames'] = $names }
    Set-ADObject -Identity $path -Server $MullionRun.Server -Replace $changes
    $ini = Join-Path (Split-Path -Path (Get-PolicyFolder $Policy) -Parent) 'GPT.INI'
    $lines = @(Get-Content -Path $ini | ForEach-Object { $_ -replace '^Version=\d+', ('Version=' + $version) })
    Set-Content -Path $ini -Value $lines -Encoding Ascii
}

function Read-PolicyFile([string]$Path) {
    if (-not (Test-Path -LiteralPath $Path)) { return '' }
    return [System.IO.File]::ReadAllText($Path)
}

# Unicode is what Windows reads .ini files of policies as; everything else is UTF-8.
function Write-PolicyFile([string]$Path, [string]$Text) {
    $folder = Split-Path -Path $Path -Parent
    if (-not (Test-Path -LiteralPath $folder)) { [void](New-Item -ItemType Directory -Path $folder -Force) }
    $encoding = $(if ($Path.EndsWith('.ini')) { [System.Text.Encoding]::Unicode } else { [System.Text.Encoding]::UTF8 })
    [System.IO.File]::WriteAllText($Path, $Text, $encoding)
}

# GpoFile: one file of the policy. Before: its text, empty where there was none.
function Get-PolicyFilePath([hashtable]$With) {
    $policy = Get-Policy $With.Gpo
    if ($policy -eq $null) { throw ('there is no policy ' + $With.Gpo) }
    return (Join-Path (Get-PolicyFolder $policy) $With.File)
}

# Ours, of an earlier run with other options or of another version: its first line says so.
function Test-OwnFile([hashtable]$With, [string]$Text) {
    return ($With.Mark -ne '' -and $Text.StartsWith($With.Mark, [StringComparison]::Ordinal))
}

# Without them clients do not look at the file: a run may have ended between the two.
function Test-Extensions([hashtable]$With) {
    $names = Read-ExtensionNames (Get-Policy $With.Gpo)
    foreach ($pair in $With.Extensions) { if ((Add-ExtensionPair $names $pair) -ne (Add-ExtensionPair $names '')) { return $false } }
    return $true
}

function Test-GpoFile([hashtable]$With) {
    $text = Read-PolicyFile (Get-PolicyFilePath $With)
    if ($text -ceq $With.Text) {
        $known = Test-Extensions $With
        Set-Detail ($With.File + $(if ($known) { '' } else { ', which clients are not told of' }))
        return $known
    }
    if ($text -eq '') { Set-Detail ('no ' + $With.File); return $false }
    if (Test-OwnFile $With $text) { Set-Detail ($With.File + ' of an earlier run'); return $false }
    throw ('the policy has another ' + $With.File + ' already: add to it by hand, ' + $With.Hint)
}

function Save-GpoFile([hashtable]$With) {
    return @{ Gpo = $With.Gpo; Domain = $With.Domain; File = $With.File; After = $With.Text; Before = (Read-PolicyFile (Get-PolicyFilePath $With)) }
}

function Set-GpoFile([hashtable]$With) {
    Write-PolicyFile (Get-PolicyFilePath $With) $With.Text
    Update-PolicyVersion (Get-Policy $With.Gpo) $With.Extensions
}

# The extension's name may stay: one that finds no file does nothing.
function Undo-GpoFile([hashtable]$Kept) {
    Connect-Domain $Kept.Domain
    if ((Get-Policy $Kept.Gpo) -eq $null) { Set-Detail ('no policy ' + $Kept.Gpo); return }
    $path = Get-PolicyFilePath $Kept
    $text = Read-PolicyFile $path
    if ($text -cne $Kept.After) {
        Set-Detail $(if ($text -ceq $Kept.Before) { $Kept.File + ' as it was' } else { $Kept.File + ' was changed since, and stays' })
        return
    }
    if ($Kept.Before -ne '') { Write-PolicyFile $path $Kept.Before } else { Remove-Item -LiteralPath $path -Force }
    Update-PolicyVersion (Get-Policy $Kept.Gpo) @()
    Set-Detail $(if ($Kept.Before -ne '') { $Kept.File + ' as it was' } else { 'no ' + $Kept.File })
}

# ---- CertTemplate: a copy of WebServer that machines enrol for by themselves. [MS-CRTD]

function Get-PkiPath([string]$Container) { return ('CN=' + $Container + ',CN=Public Key Services,CN=Services,' + (Get-ADRootDSE -Server $MullionRun.Server).configurationNamingContext) }

function Get-Template([string]$Name) {
    return (Get-ADObject -SearchBase (Get-PkiPath 'Certificate Templates') -LDAPFilter ('(&(objectClass=pKICertificateTemplate)(cn=' + $Name.Replace('(', '\28').Replace(')', '\29') + '))') -Properties * -Server $MullionRun.Server | Select-Object -First 1)
}

function Test-CertTemplate([hashtable]$With) {
    $template = Get-Template $With.Template
    if ($template -eq $null) { Set-Detail ('no template ' + $With.Template); return $false }
    $flags = [int](Read-Attribute $template 'msPKI-Enrollment-Flag')
    Set-Detail ($With.Template + ', enrolment flags ' + (Format-Mask $flags))
    if (($flags -band $With.EnrollmentFlags) -ne $With.EnrollmentFlags) { throw ('the template ' + $With.Template + ' is there and is not for automatic enrolment: name another one') }
    return $true
}

function Save-CertTemplate([hashtable]$With) { return @{ Template = $With.Template; Domain = $With.Domain; Before = '' } }

# Windows tells of a template by this object's displayName, also inside a certificate: hosts find theirs by it.
function New-TemplateOid([string]$Template) {
    $container = Get-PkiPath 'OID'
    $base = (Get-ADObject -Identity $container -Properties 'msPKI-Cert-Template-OID' -Server $MullionRun.Server)['msPKI-Cert-Template-OID'].Value
    $random = New-Object System.Random
    $last = $random.Next(1000000, 99999999)
    $oid = $base + '.' + $random.Next(1000000, 99999999) + '.' + $last
    $common = [string]$last + '.' + [guid]::NewGuid().ToString('N').ToUpper()
    New-ADObject -Path $container -Name $common -Type 'msPKI-Enterprise-Oid' -Server $MullionRun.Server -OtherAttributes @{ displayName = $Template; flags = 1; 'msPKI-Cert-Template-OID' = $oid }
    return $oid
}

function Set-CertTemplate([hashtable]$With) {
    $web = Get-Template 'WebServer'
    if ($web -eq $null) { throw 'there is no template WebServer: is there an enterprise certification authority in this forest?' }
    $values = @{
        displayName = $With.Template; flags = 0x20260; revision = 100; pKIDefaultKeySpec = 1; pKIMaxIssuingDepth = 0
        'msPKI-Cert-Template-OID' = (New-TemplateOid $With.Template); 'msPKI-Template-Schema-Version' = 2; 'msPKI-Template-Minor-Revision' = 1
        'msPKI-RA-Signature' = 0; 'msPKI-Minimal-Key-Size' = 2048; 'msPKI-Enrollment-Flag' = $With.EnrollmentFlags
        'msPKI-Private-Key-Flag' = $With.KeyFlags; 'msPKI-Certificate-Name-Flag' = $With.NameFlags
        pKIExtendedKeyUsage = '1.3.6.1.5.5.7.3.1'; 'msPKI-Certificate-Application-Policy' = '1.3.6.1.5.5.7.3.1'
    }
    foreach ($name in @('pKIKeyUsage', 'pKIExpirationPeriod', 'pKIOverlapPeriod')) { $values[$name] = [byte[]](Read-Attribute $web $name) }
    foreach ($name in @('pKIDefaultCSPs', 'pKICriticalExtensions')) { $values[$name] = @($web[$name] | ForEach-Object { [string]$_ }) }
    New-ADObject -Path (Get-PkiPath 'Certificate Templates') -Name $With.Template -Type 'pKICertificateTemplate' -Server $MullionRun.Server -OtherAttributes $values
}

function Undo-CertTemplate([hashtable]$Kept) {
    Connect-Domain $Kept.Domain
    $template = Get-Template $Kept.Template
    if ($template -ne $null) {
        $oid = Read-Attribute $template 'msPKI-Cert-Template-OID'
        Remove-ADObject -Identity $template.DistinguishedName -Confirm:$false -Server $MullionRun.Server
        Get-ADObject -SearchBase (Get-PkiPath 'OID') -LDAPFilter ('(msPKI-Cert-Template-OID=' + $oid + ')') -Server $MullionRun.Server | Remove-ADObject -Confirm:$false -Server $MullionRun.Server
    }
    Set-Detail ('no template ' + $Kept.Template)
}

# ---- CertTemplateRights: Domain Computers may read, enrol, and enrol by themselves.

# Certificate-Enrollment and Certificate-AutoEnrollment of [MS-CRTD] 2.5.
function Get-EnrollRights {
    return @{ enroll = [guid]'0e10c968-78fb-11d2-90d4-00c04f79dc55'; autoenroll = [guid]'a05b8cc2-17bc-4802-a710-e7c15ab866a2' }
}

function Get-DomainComputers { return (New-Object System.Security.Principal.SecurityIdentifier ($MullionRun.Domain.DomainSID.Value + '-515')) }

function Get-TemplateEntry([string]$Name) { return [ADSI]('LDAP://' + $MullionRun.Server + '/' + (Get-Template $Name).DistinguishedName) }

function New-TemplateRule([string]$Right) {
    $sid = Get-DomainComputers
    if ($Right -eq 'read') { return (New-Object System.DirectoryServices.ActiveDirectoryAccessRule $sid, 'GenericRead', 'Allow') }
    $guid = (Get-EnrollRights)[$Right]
    return (New-Object System.DirectoryServices.ActiveDirectoryAccessRule $sid, 'ExtendedRight', 'Allow', $guid)
}

# [MS-ADTS] 5.1.3.2: generic read is 0x20094 here, an extended right 0x100.
function Test-TemplateRule($Rule, [string]$Right) {
    $mask = [int]$Rule.ActiveDirectoryRights
    if ($Right -eq 'read') { return (($mask -band 0x20094) -eq 0x20094 -and $Rule.ObjectType -eq [guid]::Empty) }
    return (($mask -band 0x100) -ne 0 -and $Rule.ObjectType -eq (Get-EnrollRights)[$Right])
}

# Of read, enroll and autoenroll those that Domain Computers have not.
function Find-MissingRights([string]$Template) {
    $sid = (Get-DomainComputers).Value
    $rules = (Get-TemplateEntry $Template).PSBase.ObjectSecurity.GetAccessRules($true, $false, [System.Security.Principal.SecurityIdentifier])
    $mine = @($rules | Where-Object { $_.IdentityReference.Value -eq $sid -and [string]$_.AccessControlType -eq 'Allow' })
    $missing = @()
    foreach ($right in @('read', 'enroll', 'autoenroll')) {
        if (@($mine | Where-Object { Test-TemplateRule $_ $right }).Count -eq 0) { $missing += $right }
    }
    return $missing
}

function Test-CertTemplateRights([hashtable]$With) {
    $missing = @(Find-MissingRights $With.Template)
    Set-Detail $(if ($missing.Count -eq 0) { 'Domain Computers have read, enroll and autoenroll' } else { 'Domain Computers lack ' + ($missing -join ', ') })
    return ($missing.Count -eq 0)
}

# Before: the rights that were missing. They alone are given, and taken away again.
function Save-CertTemplateRights([hashtable]$With) { return @{ Template = $With.Template; Domain = $With.Domain; Before = @(Find-MissingRights $With.Template) } }

function Set-CertTemplateRights([hashtable]$With) {
    $entry = Get-TemplateEntry $With.Template
    foreach ($right in @(Find-MissingRights $With.Template)) { $entry.PSBase.ObjectSecurity.AddAccessRule((New-TemplateRule $right)) }
    $entry.PSBase.CommitChanges()
}

function Undo-CertTemplateRights([hashtable]$Kept) {
    Connect-Domain $Kept.Domain
    if ((Get-Template $Kept.Template) -ne $null) {
        $entry = Get-TemplateEntry $Kept.Template
        foreach ($right in @($Kept.Before)) { [void]$entry.PSBase.ObjectSecurity.RemoveAccessRule((New-TemplateRule $right)) }
        $entry.PSBase.CommitChanges()
    }
    Set-Detail ('Domain Computers have no more: ' + (@($Kept.Before) -join ', '))
}

# ---- CertTemplateIssued: every enterprise authority of the forest issues it.

function Get-Authorities {
    return @(Get-ADObject -SearchBase (Get-PkiPath 'Enrollment Services') -LDAPFilter '(objectClass=pKIEnrollmentService)' -Properties certificateTemplates -Server $MullionRun.Server)
}

function Get-NotIssuing([string]$Template) { return @(Get-Authorities | Where-Object { @($_['certificateTemplates']) -notcontains $Template }) }

function Test-CertTemplateIssued([hashtable]$With) {
    $all = @(Get-Authorities)
    if ($all.Count -eq 0) { throw 'this forest has no enterprise certification authority: install one first (Active Directory Certificate Services)' }
    $not = @(Get-NotIssuing $With.Template)
    Set-Detail ('issued by ' + ($all.Count - $not.Count) + ' of ' + $all.Count)
    return ($not.Count -eq 0)
}

function Save-CertTemplateIssued([hashtable]$With) {
    return @{ Template = $With.Template; Domain = $With.Domain; Before = @(Get-NotIssuing $With.Template | ForEach-Object { $_.DistinguishedName }) }
}

function Set-CertTemplateIssued([hashtable]$With) {
    foreach ($authority in @(Get-NotIssuing $With.Template)) { Set-ADObject -Identity $authority.DistinguishedName -Add @{ certificateTemplates = $With.Template } -Server $MullionRun.Server }
}

function Undo-CertTemplateIssued([hashtable]$Kept) {
    Connect-Domain $Kept.Domain
    # What is not there any more, or never came to be, cannot be removed.
    foreach ($authority in @(Get-Authorities)) {
        if (@($Kept.Before) -notcontains $authority.DistinguishedName -or @($authority['certificateTemplates']) -notcontains $Kept.Template) { continue }
        Set-ADObject -Identity $authority.DistinguishedName -Remove @{ certificateTemplates = $Kept.Template } -Server $MullionRun.Server
    }
    Set-Detail ('not issued any more by ' + (@($Kept.Before) -join '; '))
}

# ---- DomainUser, DomainUserFlags and DomainMember.

function Find-DomainUser([string]$User) {
    return (Get-ADUser -LDAPFilter ('(sAMAccountName=' + $User.Replace('\', '\5c').Replace('(', '\28').Replace(')', '\29') + ')') -Properties @('PasswordNeverExpires', 'CannotChangePassword', 'pwdLastSet', 'MemberOf') -Server $MullionRun.Server | Select-Object -First 1)
}

function Test-DomainUser([hashtable]$With) {
    $user = Find-DomainUser $With.User
    Set-Detail $(if ($user -ne $null) { $user.DistinguishedName } else { 'no account ' + $With.User })
    return ($user -ne $null)
}

function Save-DomainUser([hashtable]$With) { return @{ User = $With.User; Domain = $With.Domain; Before = '' } }

# A password that the domain refuses leaves an account without one, switched off, which the next run would take for done.
function Set-DomainUser([hashtable]$With) {
    $secret = Read-NewPassword $With.User
    try {
        New-ADUser -Name $With.User -SamAccountName $With.User -UserPrincipalName ($With.User + '@' + $MullionRun.Domain.DNSRoot) -AccountPassword $secret -Path $MullionRun.Domain.UsersContainer -Enabled $true -Description 'Monitoring by WinRM, made by mullion prepare' -Server $MullionRun.Server
    } catch {
        $failure = Get-ErrorText $_
        $half = Find-DomainUser $With.User
        if ($half -ne $null) { Remove-ADUser -Identity $half.DistinguishedName -Confirm:$false -Server $MullionRun.Server }
        throw $failure
    }
}

function Undo-DomainUser([hashtable]$Kept) {
    Connect-Domain $Kept.Domain
    $user = Find-DomainUser $Kept.User
    if ($user -ne $null) { Remove-ADUser -Identity $user.DistinguishedName -Confirm:$false -Server $MullionRun.Server }
    Set-Detail ('no account ' + $Kept.User)
}

function Read-UserFlags([string]$User) {
    $found = Find-DomainUser $User
    if ($found -eq $null) { throw ('there is no account ' + $User) }
    return @{ NeverExpires = [bool]$found.PasswordNeverExpires; CannotChange = [bool]$found.CannotChangePassword; MustChange = ([long]$found.pwdLastSet -eq 0) }
}

function Test-DomainUserFlags([hashtable]$With) {
    $now = Read-UserFlags $With.User
    Set-Detail ('password never expires: ' + $now.NeverExpires + ', cannot be changed: ' + $now.CannotChange + ', must be changed: ' + $now.MustChange)
    return ($now.NeverExpires -and $now.CannotChange -and -not $now.MustChange)
}

function Save-DomainUserFlags([hashtable]$With) { return @{ User = $With.User; Domain = $With.Domain; Before = (Read-UserFlags $With.User) } }

function Write-UserFlags([string]$User, [hashtable]$Flags) {
    $name = (Find-DomainUser $User).DistinguishedName
    # One that must change its password can have no other flag of these: that one goes first, and comes last.
    if (-not $Flags.MustChange) { Set-ADUser -Identity $name -ChangePasswordAtLogon $false -Server $MullionRun.Server }
    Set-ADUser -Identity $name -PasswordNeverExpires $Flags.NeverExpires -CannotChangePassword $Flags.CannotChange -Server $MullionRun.Server
    if ($Flags.MustChange) { Set-ADUser -Identity $name -ChangePasswordAtLogon $true -Server $MullionRun.Server }
}

function Set-DomainUserFlags([hashtable]$With) { Write-UserFlags $With.User @{ NeverExpires = $true; CannotChange = $true; MustChange = $false } }

function Undo-DomainUserFlags([hashtable]$Kept) {
    Connect-Domain $Kept.Domain
    if ((Find-DomainUser $Kept.User) -ne $null) { Write-UserFlags $Kept.User $Kept.Before }
    Set-Detail 'as they were'
}

# By the account's own list: that of a group cannot be had where one of its members is gone from its domain.
function Test-InGroup($User, [string]$Group) {
    return (@($User.MemberOf) -contains (Get-ADGroup -Identity $Group -Server $MullionRun.Server).DistinguishedName)
}

function Test-DomainMember([hashtable]$With) {
    $user = Find-DomainUser $With.User
    if ($user -eq $null) { throw ('there is no account ' + $With.User) }
    $there = Test-InGroup $user $With.Group
    Set-Detail $(if ($there) { 'a member' } else { 'no member' })
    return $there
}

function Save-DomainMember([hashtable]$With) { return @{ User = $With.User; Group = $With.Group; Domain = $With.Domain; Before = '' } }
function Set-DomainMember([hashtable]$With) { Add-ADGroupMember -Identity $With.Group -Members (Find-DomainUser $With.User) -Server $MullionRun.Server }

function Undo-DomainMember([hashtable]$Kept) {
    Connect-Domain $Kept.Domain
    $user = Find-DomainUser $Kept.User
    if ($user -ne $null -and (Test-InGroup $user $Kept.Group)) { Remove-ADGroupMember -Identity $Kept.Group -Members $user -Confirm:$false -Server $MullionRun.Server }
    Set-Detail 'no member'
}
