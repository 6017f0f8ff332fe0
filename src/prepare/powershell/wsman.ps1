# ---- WsmanValue: one setting of WinRM's own configuration, by its path below WSMan:\localhost.

# Without it PowerShell would ask whether to start the service, and wait.
function Assert-WinRmRuns {
    if ([string](Get-Service -Name 'WinRM').Status -ne 'Running') { throw 'the WinRM service does not run' }
}

function Read-WsmanItem([string]$Path) {
    Assert-WinRmRuns
    return (Get-Item -Path ('WSMan:\localhost\' + $Path))
}

function Read-WsmanSource($Item) {
    $source = $Item.PSObject.Properties['SourceOfValue']
    if ($source -eq $null) { return '' }
    return [string]$source.Value
}

# The way to log on by which this session came is not forbidden while it is in use: "https:5986:Negotiate".
function Assert-NotOurLogon([string]$Path, [string]$Value) {
    $way = $Over.Split(':')
    if ($way.Length -lt 3 -or $Value -ne 'false' -or $Path -ne ('Service\Auth\' + $way[2])) { return }
    throw ('this session logged on by ' + $way[2] + ': do it at the host, or log on in another way')
}

function Write-WsmanValue([string]$Path, [string]$Value) {
    Assert-NotOurLogon $Path $Value
    Set-Item -Path ('WSMan:\localhost\' + $Path) -Value $Value -Force -WarningAction SilentlyContinue
}

function Test-WsmanValue([hashtable]$With) {
    $item = Read-WsmanItem $With.Path
    Set-Detail ($With.Path + ' = ' + $item.Value)
    if ([string]$item.Value -eq $With.Value) { return $true }
    if ((Read-WsmanSource $item) -eq 'GPO') { throw ($With.Path + ' is set to ' + $item.Value + ' by Group Policy: change it there') }
    return $false
}

function Save-WsmanValue([hashtable]$With) {
    return @{ Path = $With.Path; After = $With.Value; Before = [string](Read-WsmanItem $With.Path).Value }
}

function Set-WsmanValue([hashtable]$With) { Write-WsmanValue $With.Path $With.Value }

# What somebody else has set since stays.
function Undo-WsmanValue([hashtable]$Kept) {
    $now = [string](Read-WsmanItem $Kept.Path).Value
    if ($now -ne $Kept.After -and $now -ne $Kept.Before) { Set-Detail ($Kept.Path + ' = ' + $now + ', which was set since and stays'); return }
    if ($now -ne $Kept.Before) { Write-WsmanValue $Kept.Path $Kept.Before }
    Set-Detail ($Kept.Path + ' = ' + $Kept.Before)
}

# ---- CredsspServer: the server's role, by the command that is made for it.

function Test-CredsspServer([hashtable]$With) {
    return (Test-WsmanValue @{ Path = 'Service\Auth\CredSSP'; Value = 'true' })
}

function Save-CredsspServer([hashtable]$With) {
    return (Save-WsmanValue @{ Path = 'Service\Auth\CredSSP'; Value = 'true' })
}

function Set-CredsspServer([hashtable]$With) { [void](Enable-WSManCredSSP -Role Server -Force) }

function Undo-CredsspServer([hashtable]$Kept) {
    Assert-NotOurLogon $Kept.Path $Kept.Before
    if ($Kept.Before -eq 'false') { Disable-WSManCredSSP -Role Server }
    Undo-WsmanValue $Kept
}

# ---- CredsspCertificate: the certificate that the service shows inside CredSSP: the listener's.

function Test-CredsspCertificate([hashtable]$With) {
    if ($MullionRun.Thumbprint -eq '') { throw 'there is no certificate yet' }
    return (Test-WsmanValue @{ Path = 'Service\CertificateThumbprint'; Value = $MullionRun.Thumbprint })
}

function Save-CredsspCertificate([hashtable]$With) {
    return (Save-WsmanValue @{ Path = 'Service\CertificateThumbprint'; Value = $MullionRun.Thumbprint })
}

function Set-CredsspCertificate([hashtable]$With) { Write-WsmanValue 'Service\CertificateThumbprint' $MullionRun.Thumbprint }

function Undo-CredsspCertificate([hashtable]$Kept) { Undo-WsmanValue $Kept }
