# ---- The listener's certificate in LocalMachine\My: made, chosen by its thumbprint, or issued by a template.

$MullionServerAuth = '1.3.6.1.5.5.7.3.1'
$MullionFriendlyName = 'Mullion WinRM'

function Get-HostNames {
    $short = [Environment]::MachineName
    $full = $short
    try { $full = [System.Net.Dns]::GetHostEntry('').HostName } catch { $full = $short }
    return @($full, $short | Select-Object -Unique)
}

function Get-MachineCertificates {
    return @(Get-ChildItem -Path 'Cert:\LocalMachine\My')
}

# Without the extension a certificate is for every purpose.
function Test-ServerAuth($Certificate) {
    foreach ($extension in $Certificate.Extensions) {
        if ($extension -is [System.Security.Cryptography.X509Certificates.X509EnhancedKeyUsageExtension]) {
            foreach ($oid in $extension.EnhancedKeyUsages) { if ($oid.Value -eq $MullionServerAuth) { return $true } }
            return $false
        }
    }
    return $true
}

# Why a listener cannot have it; empty when it can.
function Get-Unfitness($Certificate) {
    if (-not $Certificate.HasPrivateKey) { return 'it has no private key on this host' }
    if ($Certificate.NotBefore -gt (Get-Date)) { return 'it is not valid before ' + $Certificate.NotBefore.ToString('u') }
    if ($Certificate.NotAfter -lt (Get-Date)) { return 'it has expired on ' + $Certificate.NotAfter.ToString('u') }
    if (-not (Test-ServerAuth $Certificate)) { return 'it is not for server authentication (1.3.6.1.5.5.7.3.1)' }
    return ''
}

function Get-SubjectName($Certificate) {
    return $Certificate.GetNameInfo([System.Security.Cryptography.X509Certificates.X509NameType]::SimpleName, $false)
}

# As a listener's Hostname takes it: a wildcard or another language's letters are left out.
function Get-CommonName($Certificate) {
    $name = Get-SubjectName $Certificate
    if ($name -match '^[A-Za-z0-9._-]+$') { return $name }
    return ''
}

# Where a value of DER begins and ends: its tag, its length in one byte or more, itself.
function Read-Der([byte[]]$Bytes, [int]$At) {
    $length = [int]$Bytes[$At + 1]
    $from = $At + 2
    if ($length -ge 128) {
        $from += $length - 128
        $length = 0
        for ($i = $At + 2; $i -lt $from; $i++) { $length = $length * 256 + $Bytes[$i] }
    }
    return @{ Tag = [int]$Bytes[$At]; From = $from; End = $from + $length; Length = $length }
}

# dNSName of RFC 5280 4.2.1.6, read as it is: Windows shows it in the host's language.
function Get-DnsNames($Certificate) {
    $names = @()
    foreach ($extension in $Certificate.Extensions) {
        if ($extension.Oid.Value -ne '2.5.29.17') { continue }
        $bytes = $extension.RawData
        $list = Read-Der $bytes 0
        for ($at = $list.From; $at -lt $list.End; $at = $one.End) {
            $one = Read-Der $bytes $at
            if ($one.Tag -eq 0x82) { $names += [System.Text.Encoding]::ASCII.GetString($bytes, $one.From, $one.Length) }
        }
    }
    return $names
}

function Test-SameName([string]$Pattern, [string]$Name) {
    if ($Pattern -eq $Name) { return $true }
    $dot = $Name.IndexOf('.')
    return ($Pattern.StartsWith('*.') -and $dot -gt 0 -and $Pattern.Substring(1) -eq $Name.Substring($dot))
}

# Whether clients find this host's full or short name in it.
function Test-ForThisHost($Certificate) {
    $names = @(Get-DnsNames $Certificate)
    if ($names.Count -eq 0) { $names = @(Get-SubjectName $Certificate) }
    foreach ($name in $names) {
        foreach ($own in @(Get-HostNames)) { if (Test-SameName $name $own) { return $true } }
    }
    return $false
}

# Where only programs that FIPS 140 approves may run, the managed one throws.
function New-Sha256 {
    try { return [System.Security.Cryptography.SHA256]::Create() } catch { Add-Type -AssemblyName 'System.Core' }
    return (New-Object System.Security.Cryptography.SHA256CryptoServiceProvider)
}

function Get-Pin($Certificate) {
    try { $hash = (New-Sha256).ComputeHash($Certificate.RawData) } catch { return '(cannot be told: this host has no SHA-256)' }
    return 'sha256:' + [BitConverter]::ToString($hash).Replace('-', '').ToLowerInvariant()
}

# What the operator needs: the thumbprint for WinRM, and the pin by which a client knows it.
function Use-Certificate($Certificate) {
    $MullionRun.Thumbprint = $Certificate.Thumbprint.ToUpperInvariant()
    $MullionRun.CertificateName = Get-CommonName $Certificate
    $until = $Certificate.NotAfter.ToString('yyyy-MM-dd', [System.Globalization.CultureInfo]::InvariantCulture)
    $text = 'thumbprint ' + $MullionRun.Thumbprint + ', --cert-pin ' + (Get-Pin $Certificate) + ', valid until ' + $until
    if (-not (Test-ForThisHost $Certificate)) { $text += ', not for the name ' + @(Get-HostNames)[0] + ': clients need the pin, or --tls-server-name' }
    Set-Detail $text
}

# The one with the longest life among those that fit.
function Select-Certificate([object[]]$Certificates) {
    return (@($Certificates) | Where-Object { $_ -ne $null -and (Get-Unfitness $_) -eq '' } | Sort-Object NotAfter -Descending | Select-Object -First 1)
}

function Get-Thumbprints([object[]]$Certificates) {
    return @(@($Certificates) | Where-Object { $_ -ne $null } | ForEach-Object { $_.Thumbprint })
}

function Remove-Certificate($Certificate) {
    # From 2012 on the provider deletes the key with it; before, the key's file stays behind.
    if ([Environment]::OSVersion.Version -ge (New-Object Version 6, 2)) {
        Remove-Item -Path ('Cert:\LocalMachine\My\' + $Certificate.Thumbprint) -DeleteKey
        return
    }
    $store = New-Object System.Security.Cryptography.X509Certificates.X509Store 'My', 'LocalMachine'
    $store.Open('ReadWrite')
    try { $store.Remove($Certificate) } finally { $store.Close() }
}

# Those of `Current` that were not there before: ours to take away.
function Undo-NewCertificates([object[]]$Current, [hashtable]$Kept) {
    $gone = @()
    foreach ($certificate in @($Current)) {
        if ($certificate -eq $null -or @($Kept.Before) -contains $certificate.Thumbprint) { continue }
        Remove-Certificate $certificate
        $gone += $certificate.Thumbprint
    }
    Set-Detail $(if ($gone.Count -ne 0) { 'removed ' + ($gone -join ', ') } else { 'none was left of it' })
}

# ---- CertificateSelfSigned

function Find-OwnCertificates {
    return @(Get-MachineCertificates | Where-Object { $_.FriendlyName -eq $MullionFriendlyName -and $_.Subject -eq $_.Issuer })
}

function Find-GoodOwnCertificate {
    $name = @(Get-HostNames)[0]
    $month = (Get-Date).AddDays(30)
    return (Select-Certificate @(Find-OwnCertificates | Where-Object { (Get-SubjectName $_) -eq $name -and $_.NotAfter -gt $month }))
}

function Test-CertificateSelfSigned([hashtable]$With) {
    $certificate = Find-GoodOwnCertificate
    if ($certificate -eq $null) { Set-Detail ('none of ours for ' + @(Get-HostNames)[0] + ' that is valid for 30 more days'); return $false }
    Use-Certificate $certificate
    return $true
}

function Save-CertificateSelfSigned([hashtable]$With) { return @{ Before = @(Get-Thumbprints @(Find-OwnCertificates)) } }

# The command of Windows 10 and Server 2016: before, it could not say what the certificate is for.
function Test-NewCommand {
    $command = Get-Command -Name New-SelfSignedCertificate -ErrorAction SilentlyContinue
    return ($command -ne $null -and $command.Parameters.ContainsKey('TextExtension'))
}

function New-ByCommand([string[]]$Names, [int]$Days) {
    [void](New-SelfSignedCertificate -Subject ('CN=' + $Names[0]) -CertStoreLocation 'Cert:\LocalMachine\My' -FriendlyName $MullionFriendlyName -KeyLength 2048 -KeyExportPolicy NonExportable -HashAlgorithm 'SHA256' -NotAfter ((Get-Date).AddDays($Days)) -TextExtension @(('2.5.29.37={text}' + $MullionServerAuth), ('2.5.29.17={text}DNS=' + ($Names -join '&DNS='))))
}

function New-EnrollObject([string]$Name) { return (New-Object -ComObject ('X509Enrollment.' + $Name)) }

function New-EnrollKey {
    $key = New-EnrollObject 'CX509PrivateKey'
    $key.ProviderName = 'Microsoft RSA SChannel Cryptographic Provider'
    $key.KeySpec = 1          # XCN_AT_KEYEXCHANGE
    $key.Length = 2048
    $key.MachineContext = $true
    $key.ExportPolicy = 0     # The key stays on this host.
    $key.Create()
    return $key
}

function New-EnrollUsage {
    $oid = New-EnrollObject 'CObjectId'
    $oid.InitializeFromValue($MullionServerAuth)
    $oids = New-EnrollObject 'CObjectIds'
    $oids.Add($oid)
    $usage = New-EnrollObject 'CX509ExtensionEnhancedKeyUsage'
    $usage.InitializeEncode($oids)
    return $usage
}

function New-EnrollNames([string[]]$Names) {
    $list = New-EnrollObject 'CAlternativeNames'
    foreach ($name in $Names) {
        $one = New-EnrollObject 'CAlternativeName'
        $one.InitializeFromString(3, $name)  # XCN_CERT_ALT_NAME_DNS_NAME
        $list.Add($one)
    }
    $extension = New-EnrollObject 'CX509ExtensionAlternativeNames'
    $extension.InitializeEncode($list)
    return $extension
}

# Server 2008 R2 has no such command, and those of 2012 and 2012 R2 cannot set the purpose: certificate enrolment's own objects can.
function New-ByEnrollment([string[]]$Names, [int]$Days) {
    $name = New-EnrollObject 'CX500DistinguishedName'
    $name.Encode('CN=' + $Names[0], 0)
    $hash = New-EnrollObject 'CObjectId'
    $hash.InitializeFromAlgorithmName(1, 0, 0, 'SHA256')  # XCN_CRYPT_HASH_ALG_OID_GROUP_ID
    $request = New-EnrollObject 'CX509CertificateRequestCertificate'
    $request.InitializeFromPrivateKey(2, (New-EnrollKey), '')  # ContextMachine
    $request.Subject = $name
    $request.Issuer = $name
    $request.NotBefore = (Get-Date).AddDays(-1)
    $request.NotAfter = (Get-Date).AddDays($Days)
    $request.HashAlgorithm = $hash
    $request.X509Extensions.Add((New-EnrollUsage))
    $request.X509Extensions.Add((New-EnrollNames $Names))
    $request.Encode()
    $enrollment = New-EnrollObject 'CX509Enrollment'
    $enrollment.InitializeFromRequest($request)
    $enrollment.CertificateFriendlyName = $MullionFriendlyName
    $enrollment.InstallResponse(2, $enrollment.CreateRequest(1), 1, '')  # AllowUntrustedCertificate, base64
}

function Set-CertificateSelfSigned([hashtable]$With) {
    $names = @(Get-HostNames)
    if (Test-NewCommand) { New-ByCommand $names $With.Days } else { New-ByEnrollment $names $With.Days }
}

function Undo-CertificateSelfSigned([hashtable]$Kept) { Undo-NewCertificates @(Find-OwnCertificates) $Kept }

# ---- CertificateChosen: nothing is changed; it is there and fit, or the step fails.

function Test-CertificateChosen([hashtable]$With) {
    $found = @(Get-MachineCertificates | Where-Object { $_.Thumbprint -eq $With.Thumbprint })
    if ($found.Count -eq 0) { throw ('LocalMachine\My has no certificate ' + $With.Thumbprint + ': import it with its key first') }
    $why = Get-Unfitness $found[0]
    if ($why -ne '') { throw ('the certificate ' + $With.Thumbprint + ' does not fit: ' + $why) }
    Use-Certificate $found[0]
    return $true
}

function Save-CertificateChosen([hashtable]$With) { return @{ Before = '' } }
function Set-CertificateChosen([hashtable]$With) { }
function Undo-CertificateChosen([hashtable]$Kept) { }

# ---- CertificateByTemplate: the newest that the domain's template gave; asked for where there is none.

# The name of version 1's template is text in the certificate (BMPString, tag 0x1E); of later ones it is an OID, which Windows shows as
# "Template=WinRM(1.3.6.1.4.1.311.21.8.1), Major Version Number=100", the words in the host's language.
function Get-TemplateName($Certificate) {
    foreach ($extension in $Certificate.Extensions) {
        if ($extension.Oid.Value -eq '1.3.6.1.4.1.311.20.2') {
            $name = Read-Der $extension.RawData 0
            return [System.Text.Encoding]::BigEndianUnicode.GetString($extension.RawData, $name.From, $name.Length)
        }
        if ($extension.Oid.Value -eq '1.3.6.1.4.1.311.21.7') {
            return [regex]::Match($extension.Format($false), '^[^=]*=(?<name>.*?)(\(\d+(\.\d+)+\))?(,|$)').Groups['name'].Value
        }
    }
    return ''
}

# The whole name, or the certificates of "WinRM old" would be taken for those of WinRM. Blanks do not count: a template that is shown as
# "WinRM Cert" is called WinRMCert where the console made it.
function Test-FromTemplate($Certificate, [string]$Template) {
    return (((Get-TemplateName $Certificate) -replace '\s', '') -eq ($Template -replace '\s', ''))
}

function Find-TemplateCertificates([string]$Template) {
    return @(Get-MachineCertificates | Where-Object { Test-FromTemplate $_ $Template })
}

function Test-CertificateByTemplate([hashtable]$With) {
    $certificate = Select-Certificate @(Find-TemplateCertificates $With.Template | Where-Object { Test-ForThisHost $_ })
    if ($certificate -eq $null) { Set-Detail ('none of the template ' + $With.Template + ' for ' + @(Get-HostNames)[0]); return $false }
    Use-Certificate $certificate
    return $true
}

function Save-CertificateByTemplate([hashtable]$With) {
    return @{ Template = $With.Template; Before = @(Get-Thumbprints @(Find-TemplateCertificates $With.Template)) }
}

# By the name as it was given, and as the console makes it of what it shows.
function Request-Certificate([string]$Template) {
    $failure = ''
    foreach ($name in @($Template, ($Template -replace '\s', '') | Select-Object -Unique)) {
        try { [void](Invoke-Program 'certreq.exe' @('-enroll', '-machine', '-q', $name)); return } catch { if ($failure -eq '') { $failure = Get-ErrorText $_ } }
    }
    throw $failure
}

# What comes of it is marked as ours: automatic enrolment gets others of the template, now and later, which are not.
function Set-CertificateByTemplate([hashtable]$With) {
    $before = @(Get-Thumbprints @(Find-TemplateCertificates $With.Template))
    Request-Certificate $With.Template
    foreach ($certificate in @(Find-TemplateCertificates $With.Template)) {
        if ($before -notcontains $certificate.Thumbprint) { $certificate.FriendlyName = $MullionFriendlyName }
    }
}

function Undo-CertificateByTemplate([hashtable]$Kept) {
    Undo-NewCertificates @(Find-TemplateCertificates $Kept.Template | Where-Object { $_.FriendlyName -eq $MullionFriendlyName }) $Kept
}
