# ---- RegistryValue: one value, and the keys above it that were missing.

function Find-MissingKeys([string]$Path) {
    $missing = @()
    $key = $Path
    while ($key -ne '' -and -not (Test-Path -LiteralPath $key)) {
        $missing += $key  # The deepest first.
        $key = Split-Path -Path $key -Parent
    }
    return $missing
}

function Read-RegistryValue([string]$Path, [string]$Name) {
    if (-not (Test-Path -LiteralPath $Path)) { return @{ There = $false } }
    $key = Get-Item -LiteralPath $Path
    if (@($key.GetValueNames()) -notcontains $Name) { return @{ There = $false } }
    return @{ There = $true; Value = $key.GetValue($Name); Kind = [string]$key.GetValueKind($Name) }
}

function Test-RegistryValue([hashtable]$With) {
    $now = Read-RegistryValue $With.Path $With.Name
    if (-not $now.There) { Set-Detail ($With.Name + ' is not set'); return $false }
    Set-Detail ($With.Name + ' = ' + $now.Value)
    return ($now.Kind -eq $With.Type -and [string]$now.Value -eq [string]$With.Value)
}

function Save-RegistryValue([hashtable]$With) {
    $before = Read-RegistryValue $With.Path $With.Name
    $before.MissingKeys = @(Find-MissingKeys $With.Path)
    return @{ Path = $With.Path; Name = $With.Name; After = $With.Value; Before = $before }
}

function Set-RegistryValue([hashtable]$With) {
    $missing = @(Find-MissingKeys $With.Path)
    for ($i = $missing.Count - 1; $i -ge 0; $i--) { [void](New-Item -Path $missing[$i]) }
    [void](New-ItemProperty -Path $With.Path -Name $With.Name -Value $With.Value -PropertyType $With.Type -Force)
}

function Remove-EmptyKeys([object[]]$Keys) {
    foreach ($path in @($Keys)) {
        if ($path -eq $null -or -not (Test-Path -LiteralPath $path)) { continue }
        $key = Get-Item -LiteralPath $path
        if ($key.SubKeyCount -eq 0 -and $key.ValueCount -eq 0) { Remove-Item -LiteralPath $path }
    }
}

function Undo-RegistryValue([hashtable]$Kept) {
    $now = Read-RegistryValue $Kept.Path $Kept.Name
    if ($now.There -and [string]$now.Value -ne [string]$Kept.After) { Set-Detail ($Kept.Name + ' = ' + $now.Value + ', which was set since and stays'); return }
    if ($Kept.Before.There) {
        [void](New-ItemProperty -Path $Kept.Path -Name $Kept.Name -Value $Kept.Before.Value -PropertyType $Kept.Before.Kind -Force)
        Set-Detail ($Kept.Name + ' = ' + $Kept.Before.Value)
        return
    }
    if ($now.There) { Remove-ItemProperty -LiteralPath $Kept.Path -Name $Kept.Name }
    Remove-EmptyKeys @($Kept.Before.MissingKeys)
    Set-Detail ($Kept.Name + ' is not set')
}
