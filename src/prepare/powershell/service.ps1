# ---- Service: how it starts, and that it runs. Before: how it started and whether it ran.

function Read-ServiceState([string]$Name) {
    $key = 'HKLM:\SYSTEM\CurrentControlSet\Services\' + $Name
    $values = Get-ItemProperty -LiteralPath $key
    $delayed = 0
    if ($values.PSObject.Properties['DelayedAutostart'] -ne $null) { $delayed = [int]$values.DelayedAutostart }
    $service = Get-Service -Name $Name
    return @{ Start = [int]$values.Start; Delayed = $delayed; Running = ([string]$service.Status -eq 'Running') }
}

function Format-ServiceState([hashtable]$State) {
    $words = @{ 2 = 'automatic'; 3 = 'manual'; 4 = 'disabled' }
    $start = [string]$State.Start
    if ($words.ContainsKey($State.Start)) { $start = $words[$State.Start] }
    return $start + $(if ($State.Running) { ', running' } else { ', stopped' })
}

function Test-WindowsService([hashtable]$With) {
    $state = Read-ServiceState $With.Name
    Set-Detail (Format-ServiceState $state)
    return ($state.Start -eq 2 -and $state.Running)
}

function Save-WindowsService([hashtable]$With) {
    return @{ Name = $With.Name; Before = (Read-ServiceState $With.Name) }
}

function Set-ServiceStart([string]$Name, [string]$How) {
    # sc.exe wants the blank behind the sign: "start=" and its value are two words.
    [void](Invoke-Program 'sc.exe' @('config', $Name, 'start=', $How))
}

function Set-ServiceRunning([string]$Name, [string]$Status) {
    $service = Get-Service -Name $Name
    if ([string]$service.Status -eq $Status) { return }
    if ($Status -eq 'Running') { $service.Start() } else { $service.Stop() }
    $service.WaitForStatus($Status, [TimeSpan]::FromSeconds(60))
}

function Set-WindowsService([hashtable]$With) {
    $state = Read-ServiceState $With.Name
    if ($state.Start -ne 2) { Set-ServiceStart $With.Name 'auto' }
    Set-ServiceRunning $With.Name 'Running'
}

function Undo-WindowsService([hashtable]$Kept) {
    $before = $Kept.Before
    $now = Read-ServiceState $Kept.Name
    if ($now.Start -ne 2 -and $now.Start -ne [int]$before.Start) { Set-Detail ((Format-ServiceState $now) + ', which was set since and stays'); return }
    $words = @{ 3 = 'demand'; 4 = 'disabled' }
    if ($now.Start -eq 2 -and $words.ContainsKey([int]$before.Start)) { Set-ServiceStart $Kept.Name $words[[int]$before.Start] }
    if ($before.Running) { Set-Detail (Format-ServiceState $before); return }
    if ($Over -ne '') { Set-Detail 'it still runs: this very session comes through it'; return }
    Set-ServiceRunning $Kept.Name 'Stopped'
    Set-Detail (Format-ServiceState $before)
}
