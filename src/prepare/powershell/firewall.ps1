# ---- FirewallRule: by the firewall's own objects, which every version has and which speak no language.

function Get-FirewallPolicy { return (New-Object -ComObject 'HNetCfg.FwPolicy2') }

function Read-Rules([string]$Name) {
    return @((Get-FirewallPolicy).Rules | Where-Object { $_.Name -eq $Name -and $_.Direction -eq 1 } | ForEach-Object {
        @{ Name = $_.Name; Description = [string]$_.Description; Ports = [string]$_.LocalPorts; From = [string]$_.RemoteAddresses
           Profiles = [int]$_.Profiles; Enabled = [bool]$_.Enabled; Action = [int]$_.Action; Protocol = [int]$_.Protocol }
    })
}

# The firewall says 10.0.0.0/255.0.0.0 of what was given as 10.0.0.0/8.
function ConvertTo-Prefix([string]$Text) {
    $parts = $Text.Trim().Split('/')
    $address = $null
    if (-not [System.Net.IPAddress]::TryParse($parts[0], [ref]$address)) { return $Text.Trim().ToLower() }
    $bits = $(if ($address.AddressFamily -eq 'InterNetwork') { 32 } else { 128 })
    if ($parts.Length -gt 1 -and $parts[1] -match '^\d+$') { $bits = [int]$parts[1] }
    if ($parts.Length -gt 1 -and $parts[1] -match '\.') {
        $bits = 0
        foreach ($byte in ([System.Net.IPAddress]::Parse($parts[1])).GetAddressBytes()) {
            for ($left = [int]$byte; $left -ne 0; $left = ($left * 2) % 256) { $bits++ }
        }
    }
    return $address.ToString() + '/' + $bits
}

function Test-SameAddresses([string]$A, [string]$B) {
    $one = @($A.Split(',') | ForEach-Object { ConvertTo-Prefix $_ } | Sort-Object -Unique)
    $other = @($B.Split(',') | ForEach-Object { ConvertTo-Prefix $_ } | Sort-Object -Unique)
    return (($one -join ',') -eq ($other -join ','))
}

function Format-Profiles([int]$Bits) {
    $words = @()
    foreach ($pair in @(@(1, 'domain'), @(2, 'private'), @(4, 'public'))) { if (($Bits -band $pair[0]) -ne 0) { $words += $pair[1] } }
    return ($words -join ', ')
}

# A server that is in no domain is in a public network until somebody says otherwise.
function Format-Rule([hashtable]$Rule) {
    $text = 'port ' + $Rule.Ports + ' from ' + $Rule.From + ' (' + (Format-Profiles $Rule.Profiles) + ')' + $(if ($Rule.Enabled) { '' } else { ', disabled' })
    $others = [int](Get-FirewallPolicy).CurrentProfileTypes -band (-bnot $Rule.Profiles) -band 7
    if ($others -ne 0) { $text += ', which does not count for the ' + (Format-Profiles $others) + ' network that this host is in now (--profiles)' }
    return $text
}

function Test-SameRule([hashtable]$A, [hashtable]$B) {
    return ($A.Ports -eq $B.Ports -and ($A.Profiles -band 7) -eq ($B.Profiles -band 7) -and $A.Enabled -eq $B.Enabled -and
        $A.Action -eq $B.Action -and $A.Protocol -eq $B.Protocol -and (Test-SameAddresses $A.From $B.From))
}

function Get-WantedRule([hashtable]$With) {
    return @{ Name = $With.Name; Description = 'Made by mullion prepare host'; Ports = $With.Ports; From = $With.From
              Profiles = [int]$With.Profiles; Enabled = $true; Action = 1; Protocol = 6 }
}

function Add-Rule([hashtable]$Rule) {
    $new = New-Object -ComObject 'HNetCfg.FWRule'
    $new.Name = $Rule.Name
    $new.Description = $Rule.Description
    $new.Protocol = $Rule.Protocol
    $new.LocalPorts = $Rule.Ports
    $new.RemoteAddresses = $Rule.From
    $new.Direction = 1
    $new.Action = $Rule.Action
    $new.Profiles = $Rule.Profiles
    $new.Enabled = $Rule.Enabled
    (Get-FirewallPolicy).Rules.Add($new)
}

# Removes one rule of that name at a time.
function Remove-Rules([string]$Name, [int]$Count) {
    for ($i = 0; $i -lt $Count; $i++) { (Get-FirewallPolicy).Rules.Remove($Name) }
}

function Test-FirewallRule([hashtable]$With) {
    $rules = @(Read-Rules $With.Name)
    Set-Detail $(if ($rules.Count -ne 0) { Format-Rule $rules[0] } else { 'no rule ' + $With.Name })
    return ($rules.Count -eq 1 -and (Test-SameRule $rules[0] (Get-WantedRule $With)))
}

function Save-FirewallRule([hashtable]$With) {
    return @{ Name = $With.Name; Before = @(Read-Rules $With.Name) }
}

function Set-FirewallRule([hashtable]$With) {
    $old = @(Read-Rules $With.Name).Count
    if ($old -ne 0) { Remove-Rules $With.Name $old }
    Add-Rule (Get-WantedRule $With)
}

function Undo-FirewallRule([hashtable]$Kept) {
    Remove-Rules $Kept.Name @(Read-Rules $Kept.Name).Count
    $back = @()
    foreach ($rule in @($Kept.Before)) { if ($rule -ne $null) { Add-Rule $rule; $back += (Format-Rule $rule) } }
    Set-Detail $(if ($back.Count -ne 0) { $back -join '; ' } else { 'no rule ' + $Kept.Name })
}
