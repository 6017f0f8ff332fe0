#include "cli/client_setup.h"

#include <fmt/core.h>

#include "encoding/base64.h"

namespace mullion::cli {
namespace {

// In PowerShell's single quotes nothing is special but they; it takes the typographic ones for the same.
std::string quoted(std::string_view text) {
    std::string out = "'";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool curly = text.substr(i, 2) == "\xe2\x80" && i + 2 < text.size() && text[i + 2] >= '\x98' &&
                           text[i + 2] <= '\x9b';
        if (text[i] == '\'') out += '\'';
        if (curly) {
            out.append(text.substr(i, 3)).append(text.substr(i, 3));
            i += 2;
            continue;
        }
        out += text[i];
    }
    return out + "'";
}

}  // namespace

std::string powershell_setup(const ClientSetup& setup) {
    const bool signs_itself = setup.issuer.empty();
    std::string out =
        "# On the Windows host, in an elevated PowerShell. The account must exist, and be an administrator.\n"
        "Set-Item -Path WSMan:\\localhost\\Service\\Auth\\Certificate -Value $true\n"
        "$cert = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList "
        "(,[Convert]::FromBase64String(\n";
    out += fmt::format("    '{}'))\n", encoding::base64_encode(setup.certificate_der));
    out += fmt::format("foreach ($name in {}) {{\n",
                       signs_itself ? "'Root', 'TrustedPeople'" : "'TrustedPeople'");
    out +=
        "    $store = New-Object System.Security.Cryptography.X509Certificates.X509Store -ArgumentList "
        "$name, "
        "'LocalMachine'\n"
        "    $store.Open('ReadWrite'); $store.Add($cert); $store.Close()\n"
        "}\n";
    if (signs_itself) {
        out += "$issuer = $cert.Thumbprint\n";
    } else {
        out += fmt::format(
            "# Signed by {}, which must be in Root or CA there.\n"
            "$issuer = (Get-ChildItem Cert:\\LocalMachine\\Root, Cert:\\LocalMachine\\CA | Where-Object "
            "{{ $_.Subject -eq $cert.Issuer }} | Select-Object -First 1).Thumbprint\n",
            setup.issuer);
    }
    out += fmt::format("$credential = Get-Credential -UserName {} -Message 'Password of the local account'\n",
                       quoted(setup.user));
    out += fmt::format(
        "New-Item -Path WSMan:\\localhost\\ClientCertificate -Subject {} -URI * -Issuer $issuer -Credential "
        "$credential -Force\n",
        quoted(setup.subject));
    return out;
}

}  // namespace mullion::cli
