# ---- The engine: checks each step, keeps what was there, changes it, tells of it. PowerShell 2.0 and later.

$MullionSteps = New-Object System.Collections.ArrayList
$MullionRun = @{
    Detail = ''; Was = ''; Thumbprint = ''; CertificateName = ''; Trustee = ''; Worst = 0
    States = @{}
    Folder = (Join-Path ([Environment]::GetFolderPath('CommonApplicationData')) 'Mullion')
}
$MullionRun.Journal = Join-Path $MullionRun.Folder ('prepare-' + $MullionName + '.xml')

# Kind K has the functions Test-K (is it so already?), Save-K (what is there now), Set-K and Undo-K.
function Add-Step([string]$Id, [string[]]$Needs, [string]$Title, [string]$Kind, [hashtable]$With) {
    $step = New-Object PSObject -Property @{ Id = $Id; Needs = @($Needs); Title = $Title; Kind = $Kind; With = $With }
    [void]$MullionSteps.Add($step)
}

function Set-Detail([string]$Text) { $MullionRun.Detail = $Text }

# One line, without tabs: the report is read line by line.
function ConvertTo-OneLine([string]$Text) {
    $line = ($Text -replace '[\x00-\x1f]+', ' ').Trim()
    if ($line.Length -gt 500) { $line = $line.Substring(0, 500) + '...' }
    return $line
}

function Write-Step([string]$Id, [string]$State, [string]$Detail) {
    $MullionRun.States[$Id] = $State
    if ($State -eq 'failed' -or ($State -eq 'skipped' -and $Mode -ne 'Check')) { $MullionRun.Worst = 1 }
    if ($State -ne 'ok' -and $Mode -eq 'Check' -and $MullionRun.Worst -eq 0) { $MullionRun.Worst = 2 }
    $line = ConvertTo-OneLine $Detail
    Write-Host ("mullion-step`t" + $Id + "`t" + $State + "`t" + $line)
    if ($Over -ne '') { return }
    $word = $State
    if ($Mode -eq 'Check' -and $State -eq 'changed') { $word = 'would change' }
    Write-Host ('  ' + $word.PadRight(13) + $Id + $(if ($line -ne '') { ': ' + $line } else { '' }))
}

function Stop-Mullion([string]$Text) {
    Write-Host ("mullion-error`t" + (ConvertTo-OneLine $Text))
    Write-Host "mullion-end`t1"
    exit 1
}

# What an exception says, and the one inside it: PowerShell wraps those of .NET.
function Get-ErrorText($Record) {
    $exception = $Record.Exception
    while ($exception.InnerException -ne $null) { $exception = $exception.InnerException }
    return $exception.Message
}

# A program's exit code is looked at, always.
function Invoke-Program([string]$Program, [string[]]$Words) {
    $preference = $ErrorActionPreference
    $ErrorActionPreference = 'Continue'  # What it writes to standard error is no exception.
    try { $output = @(& $Program $Words 2>&1 | ForEach-Object { [string]$_ }) } finally { $ErrorActionPreference = $preference }
    if ($LASTEXITCODE -ne 0) { throw ($Program + ' gave ' + $LASTEXITCODE + ': ' + ($output -join ' ')) }
    return ($output -join "`n")
}

# ---- The journal: what was there before, of administrators alone.

function Get-AdministratorSids {
    return @('S-1-5-32-544', 'S-1-5-18')
}

function Get-FolderOwner {
    return (Get-Acl -Path $MullionRun.Folder).GetOwner([System.Security.Principal.SecurityIdentifier]).Value
}

# Everybody may make folders in %ProgramData%, and files in those that were not closed: what others could write is not believed.
function Assert-OwnFolder {
    $owner = Get-FolderOwner
    if ((Get-AdministratorSids) -notcontains $owner) {
        throw ($MullionRun.Folder + ' belongs to ' + $owner + ', not to the administrators: look at what is in it, and remove it')
    }
    $rules = (Get-Acl -Path $MullionRun.Folder).GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier])
    foreach ($rule in $rules) {
        $sid = $rule.IdentityReference.Value
        if ([string]$rule.AccessControlType -ne 'Allow' -or (Get-AdministratorSids) -contains $sid) { continue }
        # Write, append, delete, change rights and owner; generic write and all. [MS-DTYP] 2.4.3
        if (([int]$rule.FileSystemRights -band 0x500D0156) -ne 0) {
            throw ($sid + ' may write into ' + $MullionRun.Folder + ', not only the administrators: look at what is in it, and remove it')
        }
    }
}

function Close-JournalFolder {
    $acl = New-Object System.Security.AccessControl.DirectorySecurity
    $acl.SetAccessRuleProtection($true, $false)
    foreach ($text in (Get-AdministratorSids)) {
        $sid = New-Object System.Security.Principal.SecurityIdentifier $text
        $rule = New-Object System.Security.AccessControl.FileSystemAccessRule $sid, 'FullControl', 'ContainerInherit, ObjectInherit', 'None', 'Allow'
        $acl.AddAccessRule($rule)
    }
    $acl.SetOwner((New-Object System.Security.Principal.SecurityIdentifier 'S-1-5-32-544'))
    Set-Acl -Path $MullionRun.Folder -AclObject $acl
}

# A run that is ended between making it and closing it leaves it open and empty: then it is closed by the next.
function New-JournalFolder {
    if (-not (Test-Path -LiteralPath $MullionRun.Folder)) {
        [void](New-Item -ItemType Directory -Path $MullionRun.Folder)
    } elseif ((Get-AdministratorSids) -notcontains (Get-FolderOwner) -or @(Get-ChildItem -Path $MullionRun.Folder -Force).Count -ne 0) {
        Assert-OwnFolder
        return
    }
    Close-JournalFolder
    Assert-OwnFolder
    if (@(Get-ChildItem -Path $MullionRun.Folder -Force).Count -ne 0) { throw ('somebody else wrote into ' + $MullionRun.Folder + ' while it was made') }
}

# What is not there any more leaves nothing behind.
function Remove-Journal {
    foreach ($suffix in @('', '.new', '.old')) {
        $file = $MullionRun.Journal + $suffix
        if (Test-Path -LiteralPath $file) { Remove-Item -LiteralPath $file -Force }
    }
    if ((Test-Path -LiteralPath $MullionRun.Folder) -and @(Get-ChildItem -Path $MullionRun.Folder -Force).Count -eq 0) { Remove-Item -LiteralPath $MullionRun.Folder -Force }
}

function Read-Journal {
    if (-not (Test-Path -LiteralPath $MullionRun.Journal)) { return @() }
    Assert-OwnFolder
    return @(Import-Clixml -Path $MullionRun.Journal)
}

# Never half a journal: the old one stays until the new one is whole.
function Save-JournalFile([string]$File, [object[]]$Entries) {
    $fresh = $File + '.new'
    @($Entries) | Export-Clixml -Path $fresh -Depth 8
    if (Test-Path -LiteralPath $File) {
        [System.IO.File]::Replace($fresh, $File, ($File + '.old'))
        Remove-Item -LiteralPath ($File + '.old') -Force
    } else {
        [System.IO.File]::Move($fresh, $File)
    }
}

function Write-Journal([object[]]$Entries) {
    if (@($Entries).Count -eq 0) { Remove-Journal; return }
    New-JournalFolder
    Save-JournalFile $MullionRun.Journal $Entries
}

# Before anything is changed. What a step found the first time stays what its undo goes back to.
function Save-Before($Step) {
    $kept = & ('Save-' + $Step.Kind) $Step.With
    if ($kept -isnot [hashtable]) { throw 'the step kept nothing: a bug in this script' }
    $entries = @(Read-Journal)
    $others = @()
    foreach ($entry in $entries) {
        if ($entry.Id -eq $Step.Id -and $entry.Kind -eq $Step.Kind) { $kept.Before = $entry.Kept.Before } else { $others += $entry }
    }
    $fresh = New-Object PSObject -Property @{ Id = $Step.Id; Kind = $Step.Kind; Needs = @($Step.Needs); Kept = $kept }
    Write-Journal @($others + @($fresh))
}

# ---- The three modes.

function Test-Step($Step) {
    Set-Detail ''
    $answer = @(& ('Test-' + $Step.Kind) $Step.With)
    if ($answer.Count -ne 1 -or $answer[0] -isnot [bool]) { throw 'the check of the step gave no plain answer: a bug in this script' }
    return $answer[0]
}

# The first of the steps it needs that is in one of these states, or nothing.
function Find-Need($Step, [string[]]$States) {
    foreach ($need in $Step.Needs) {
        if ($MullionRun.States.ContainsKey($need) -and $States -contains $MullionRun.States[$need]) { return $need }
    }
    return ''
}

function Invoke-CheckStep($Step) {
    $waits = Find-Need $Step @('changed', 'skipped')
    try {
        if (Test-Step $Step) { Write-Step $Step.Id 'ok' $MullionRun.Detail } else { Write-Step $Step.Id 'changed' $MullionRun.Detail }
    } catch {
        if ($waits -ne '') {
            Write-Step $Step.Id 'skipped' ('cannot be told before ' + $waits + ' is done')
        } else {
            Write-Step $Step.Id 'failed' (Get-ErrorText $_)
        }
    }
}

function Invoke-ApplyStep($Step) {
    try {
        if (Test-Step $Step) { Write-Step $Step.Id 'ok' $MullionRun.Detail; return }
        $MullionRun.Was = $MullionRun.Detail
        Save-Before $Step
        [void](& ('Set-' + $Step.Kind) $Step.With)
        if (-not (Test-Step $Step)) { throw ('it was changed, and is not as it should be: ' + $MullionRun.Detail) }
        $was = $(if ($MullionRun.Was -ne '') { ' (was: ' + $MullionRun.Was + ')' } else { '' })
        Write-Step $Step.Id 'changed' ($MullionRun.Detail + $was)
    } catch {
        Write-Step $Step.Id 'failed' (Get-ErrorText $_)
    }
}

function Invoke-Steps {
    foreach ($step in $MullionSteps) {
        $blocked = Find-Need $step @('failed')
        if ($blocked -eq '' -and $Mode -eq 'Apply') { $blocked = Find-Need $step @('skipped') }
        if ($blocked -ne '') {
            Write-Step $step.Id 'skipped' ('because of ' + $blocked)
        } elseif ($Mode -eq 'Check') {
            Invoke-CheckStep $step
        } else {
            Invoke-ApplyStep $step
        }
    }
}

# What others need is put back after them, and not at all where one of them could not be.
function Find-Holder($Entry, [object[]]$Left) {
    foreach ($other in @($Left)) {
        if ($other -ne $null -and @($other.Needs) -contains $Entry.Id) { return $other.Id }
    }
    return ''
}

# Rights of a group (S-1-5-32-580) are those of every account that was prepared: whose undo is not the last hands them on to a journal that
# has them not, and leaves them.
function Find-Heir($Entry) {
    if (@('WmiNamespace', 'RootSddl') -notcontains $Entry.Kind -or $Entry.Kept.Sid -notlike 'S-1-5-32-*') { return '' }
    foreach ($file in @(Get-ChildItem -Path $MullionRun.Folder -Force | Sort-Object Name)) {
        if ($file.Name -notmatch '^prepare-(monitoring-user|domain)-.*\.xml$' -or $file.FullName -eq $MullionRun.Journal) { continue }
        $same = @(Import-Clixml -Path $file.FullName | Where-Object { $_.Id -eq $Entry.Id -and $_.Kind -eq $Entry.Kind })
        if ($same.Count -eq 0) { return $file.FullName }
    }
    return ''
}

function Move-ToHeir([string]$File, $Entry) {
    Save-JournalFile $File @(@(Import-Clixml -Path $File) + @($Entry))
    Write-Step $Entry.Id 'ok' ('stays for another account, and is put back with ' + [System.IO.Path]::GetFileName($File))
}

function Invoke-UndoEntry($Entry, [object[]]$Left) {
    $holder = Find-Holder $Entry $Left
    if ($holder -ne '') { Write-Step $Entry.Id 'skipped' ('because of ' + $holder); return $false }
    Set-Detail ''
    try {
        $heir = Find-Heir $Entry
        if ($heir -ne '') { Move-ToHeir $heir $Entry; return $true }
        [void](& ('Undo-' + $Entry.Kind) $Entry.Kept)
        Write-Step $Entry.Id 'changed' $MullionRun.Detail
        return $true
    } catch {
        Write-Step $Entry.Id 'failed' (Get-ErrorText $_)
        return $false
    }
}

# The place of the entry that is undone next: the last that no other needs. The journal's order alone would not do: a step that was so
# already, and had to be done later on, stands behind those that need it.
function Find-NextUndone([object[]]$Entries) {
    for ($i = $Entries.Count - 1; $i -ge 0; $i--) {
        if ((Find-Holder $Entries[$i] $Entries) -eq '') { return $i }
    }
    return ($Entries.Count - 1)
}

function Invoke-Undo {
    $todo = @(Read-Journal)
    $left = @()
    while ($todo.Count -ne 0) {
        $next = Find-NextUndone $todo
        $entry = $todo[$next]
        $rest = @()
        for ($i = 0; $i -lt $todo.Count; $i++) { if ($i -ne $next) { $rest += $todo[$i] } }
        $todo = $rest
        if (-not (Invoke-UndoEntry $entry $left)) { $left = @($entry) + $left }
        Write-Journal @($todo + $left)
    }
    if ($left.Count -eq 0) { Remove-Journal }  # Also what a run leaves that is ended before its first journal is whole.
    foreach ($step in $MullionSteps) {
        if (-not $MullionRun.States.ContainsKey($step.Id)) { Write-Step $step.Id 'ok' 'nothing to put back' }
    }
}

# Names of programs and messages are in the host's language, SIDs are not.
function Test-Administrator {
    $identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
    $sid = New-Object System.Security.Principal.SecurityIdentifier 'S-1-5-32-544'
    return (New-Object System.Security.Principal.WindowsPrincipal $identity).IsInRole($sid)
}

# Whoever had it was ended in its middle: then it is ours now, and the journal knows what was done.
function Test-MutexIsOurs($Mutex) {
    try {
        return $Mutex.WaitOne(0, $false)
    } catch {
        $inner = $_.Exception
        while ($inner.InnerException -ne $null) { $inner = $inner.InnerException }
        if ($inner -isnot [System.Threading.AbandonedMutexException]) { throw }
        return $true
    }
}

function Invoke-Mullion {
    if (-not (Test-Administrator)) { Stop-Mullion 'this needs an elevated PowerShell, or an account whose administrator rights count over the network' }
    $mine = $false
    try {
        $mutex = New-Object System.Threading.Mutex $false, 'Global\MullionPrepare'
        $mine = Test-MutexIsOurs $mutex
    } catch {
        Stop-Mullion ('the lock Global\MullionPrepare is of somebody who keeps it from administrators: ' + (Get-ErrorText $_))
    }
    if (-not $mine) { Stop-Mullion 'another mullion prepare is at work on this host' }
    try {
        if ($Mode -eq 'Undo') { Invoke-Undo } else { Invoke-Steps }
    } catch {
        Stop-Mullion (Get-ErrorText $_)
    } finally {
        $mutex.ReleaseMutex()
    }
    Write-Host ("mullion-end`t" + $MullionRun.Worst)
    exit $MullionRun.Worst
}
