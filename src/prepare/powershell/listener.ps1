# ---- Listener and NoListener: winrm/config/Listener.

$MullionListener = 'winrm/config/Listener'

function Read-Child($Node, [string]$Name) {
    $found = $Node.SelectSingleNode("*[local-name()='" + $Name + "']")
    if ($found -eq $null) { return '' }
    return $found.InnerText
}

function ConvertFrom-Listener($Node) {
    $listener = @{ Source = [string]$Node.GetAttribute('Source') }
    foreach ($name in @('Address', 'Transport', 'Port', 'Hostname', 'Enabled', 'URLPrefix', 'CertificateThumbprint')) {
        $listener[$name] = Read-Child $Node $name
    }
    $listener.CertificateThumbprint = ($listener.CertificateThumbprint -replace '\s', '').ToUpper()
    return $listener
}

function Read-Listeners([string]$Transport) {
    Assert-WinRmRuns
    $all = @(Get-WSManInstance -ResourceURI $MullionListener -Enumerate | ForEach-Object { ConvertFrom-Listener $_ })
    return @($all | Where-Object { $Transport -eq '*' -or $_.Transport -eq $Transport })
}

function Get-ListenerSelectors([hashtable]$Listener) {
    return @{ Address = $Listener.Address; Transport = $Listener.Transport }
}

function Get-ListenerValues([hashtable]$Listener) {
    $values = @{ Port = $Listener.Port; Enabled = $Listener.Enabled; URLPrefix = $Listener.URLPrefix }
    if ($Listener.Transport -eq 'HTTPS') { $values.CertificateThumbprint = $Listener.CertificateThumbprint }
    if ($Listener.Hostname -ne '') { $values.Hostname = $Listener.Hostname }
    return $values
}

function Format-Listener([hashtable]$Listener) {
    $text = $Listener.Transport + ' at ' + $Listener.Address + ', port ' + $Listener.Port
    if ($Listener.Enabled -ne 'true') { $text += ', disabled' }
    if ($Listener.CertificateThumbprint -ne '') { $text += ', certificate ' + $Listener.CertificateThumbprint }
    return $text
}

# Two listeners are the same in what we set.
function Test-SameListener([hashtable]$A, [hashtable]$B) {
    foreach ($name in @('Address', 'Transport', 'Port', 'Enabled', 'URLPrefix', 'CertificateThumbprint')) {
        if ([string]$A[$name] -ne [string]$B[$name]) { return $false }
    }
    return $true
}

function Find-Listener([hashtable]$Wanted) {
    foreach ($listener in @(Read-Listeners $Wanted.Transport)) {
        if ($listener.Address -eq $Wanted.Address) { return $listener }
    }
    return $null
}

# The way by which this session came is not cut while it is in use: "https:5986". A port that no listener has is a gateway's: then
# each listener of that transport may be the one.
function Assert-NotOurWay([hashtable]$Listener) {
    $way = $Over.Split(':')
    if ($Over -eq '' -or $way[0] -ne $Listener.Transport) { return }
    $ports = @(Read-Listeners $Listener.Transport | ForEach-Object { $_.Port })
    if ($way[1] -eq $Listener.Port -or $ports -notcontains $way[1]) {
        throw ('this session comes through ' + (Format-Listener $Listener) + ': do it at the host, or through another listener')
    }
}

function New-Listener([hashtable]$Listener) {
    [void](New-WSManInstance -ResourceURI $MullionListener -SelectorSet (Get-ListenerSelectors $Listener) -ValueSet (Get-ListenerValues $Listener))
}

function Update-Listener([hashtable]$Now, [hashtable]$Wanted) {
    $moves = $Now.Port -ne $Wanted.Port -or $Now.Enabled -ne $Wanted.Enabled -or $Now.URLPrefix -ne $Wanted.URLPrefix
    if ($moves) { Assert-NotOurWay $Now }
    [void](Set-WSManInstance -ResourceURI $MullionListener -SelectorSet (Get-ListenerSelectors $Wanted) -ValueSet (Get-ListenerValues $Wanted))
}

function Remove-Listener([hashtable]$Listener) {
    Assert-NotOurWay $Listener
    Remove-WSManInstance -ResourceURI $MullionListener -SelectorSet (Get-ListenerSelectors $Listener)
}

function Get-WantedListener([hashtable]$With) {
    $wanted = @{ Address = '*'; Transport = $With.Transport; Port = $With.Port; Enabled = 'true'; URLPrefix = 'wsman'; Hostname = ''; CertificateThumbprint = '' }
    if ($With.Transport -eq 'HTTPS') {
        if ($MullionRun.Thumbprint -eq '') { throw 'there is no certificate yet' }
        $wanted.CertificateThumbprint = $MullionRun.Thumbprint
        $wanted.Hostname = $MullionRun.CertificateName
    }
    return $wanted
}

function Test-Listener([hashtable]$With) {
    $wanted = Get-WantedListener $With
    $now = Find-Listener $wanted
    if ($now -eq $null) { Set-Detail ('no ' + $With.Transport + ' listener at *'); return $false }
    Set-Detail (Format-Listener $now)
    if (Test-SameListener $now $wanted) { return $true }
    if ($now.Source -eq 'GPO') { throw ((Format-Listener $now) + ' is set by Group Policy: change it there') }
    return $false
}

function Save-Listener([hashtable]$With) {
    $wanted = Get-WantedListener $With
    $now = Find-Listener $wanted
    return @{ After = $wanted; Before = $now }
}

function Set-Listener([hashtable]$With) {
    $wanted = Get-WantedListener $With
    $now = Find-Listener $wanted
    if ($now -eq $null) { New-Listener $wanted } else { Update-Listener $now $wanted }
}

function Undo-Listener([hashtable]$Kept) {
    $now = Find-Listener $Kept.After
    if ($now -ne $null -and -not (Test-SameListener $now $Kept.After)) {
        if ($Kept.Before -eq $null -or -not (Test-SameListener $now $Kept.Before)) { Set-Detail ((Format-Listener $now) + ', which was set since and stays'); return }
    }
    if ($Kept.Before -eq $null) {
        if ($now -ne $null) { Remove-Listener $now }
        Set-Detail ('no ' + $Kept.After.Transport + ' listener at *')
        return
    }
    if ($now -eq $null) { New-Listener $Kept.Before } else { Update-Listener $now $Kept.Before }
    Set-Detail (Format-Listener $Kept.Before)
}

# Those that are not among With.Keep ("HTTPS" at *), of one transport or of all ("*").
function Find-Unwanted([hashtable]$With) {
    return @(Read-Listeners $With.Transport | Where-Object { -not ($_.Address -eq '*' -and @($With.Keep) -contains $_.Transport) })
}

function Format-Listeners([object[]]$Listeners) {
    return ((@($Listeners) | ForEach-Object { Format-Listener $_ }) -join '; ')
}

function Test-NoListener([hashtable]$With) {
    $there = @(Find-Unwanted $With)
    Set-Detail (Format-Listeners $there)
    foreach ($listener in $there) {
        if ($listener.Source -eq 'GPO') { throw ((Format-Listener $listener) + ' is set by Group Policy: remove it there') }
    }
    return ($there.Count -eq 0)
}

function Save-NoListener([hashtable]$With) { return @{ Before = @(Find-Unwanted $With) } }

function Set-NoListener([hashtable]$With) {
    $there = @(Find-Unwanted $With)
    foreach ($listener in $there) { Assert-NotOurWay $listener }  # All or none.
    foreach ($listener in $there) { Remove-Listener $listener }
}

function Undo-NoListener([hashtable]$Kept) {
    $back = @()
    foreach ($listener in @($Kept.Before)) {
        if ($listener -eq $null -or (Find-Listener $listener) -ne $null) { continue }
        New-Listener $listener
        $back += $listener
    }
    Set-Detail (Format-Listeners $back)
}
