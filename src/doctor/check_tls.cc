// TLS: protocol, chain, name, dates, revocation. Where the certificate is refused it is looked at once more
// without checks, to say what it is; nothing is sent by that connection.
#include <fmt/chrono.h>
#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "doctor/checks.h"

namespace mullion::doctor {
namespace {

std::string utc(std::chrono::system_clock::time_point time) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string names_of(const crypto::CertificateInfo& certificate) {
    if (certificate.names.empty()) return certificate.common_name;
    return fmt::format("{}", fmt::join(certificate.names, ", "));
}

// What may be pasted behind an option: whoever answers there has chosen it. No pattern is expected, either.
bool is_plain_name(const std::string& name) {
    return !name.empty() && name.front() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-' || c == ':';
    });
}

void advise_another_name(const crypto::CertificateInfo& it, Finding& finding) {
    finding.here.push_back(fmt::format("call the host by a name that the certificate has: {}", names_of(it)));
    const auto plain = std::find_if(it.names.begin(), it.names.end(), is_plain_name);
    if (plain == it.names.end()) return;
    finding.here.push_back(
        fmt::format("--tls-server-name {}: only where you know that to be this host's name; who answers in "
                    "its place has a certificate for a name of his own, too",
                    *plain));
}

std::string plain_url(target::Target target) {
    target.scheme = target::Scheme::http;
    return target.url();
}

void advise_about(const crypto::CertificateInfo& it, const Chart& chart, Finding& finding) {
    const auto& target = chart.subject.target;
    finding.seen += fmt::format("; it is of {}, by {}, serial number {}, for {}, from {} to {}", it.subject,
                                it.issuer, it.serial, names_of(it), utc(it.not_before), utc(it.not_after));
    const auto shown = fmt::format(
        "Get-Item Cert:\\LocalMachine\\My\\{} | Format-List Subject, Issuer, SerialNumber, NotAfter",
        it.thumbprint);
    finding.on_host.push_back(shown);
    switch (finding.error->id) {
        case ErrorId::tls_untrusted:
        case ErrorId::tls_pin:
            finding.here.push_back(fmt::format("--ca-file FILE: the certificate of {}", it.issuer));
            finding.here.push_back(fmt::format(
                "--cert-pin sha256:{}: after comparing it with the host's own, whose thumbprint must be {}",
                it.sha256, it.thumbprint));
            break;
        case ErrorId::tls_name:
            advise_another_name(it, finding);
            break;
        case ErrorId::tls_expired:
            finding.here.push_back(
                fmt::format("date -u: this machine's clock; the certificate ends at {}", utc(it.not_after)));
            break;
        case ErrorId::tls_revoked:
            finding.here.push_back(
                fmt::format("openssl crl -in {} -noout -text: the list; the serial number is {}",
                            target.crl_file, it.serial));
            break;
        default:
            break;
    }
}

void advise(const Chart& chart, Finding& finding) {
    switch (finding.error->id) {
        case ErrorId::tls_not_tls:
            finding.here.push_back(fmt::format("mullion doctor {}", plain_url(chart.subject.target)));
            finding.on_host.emplace_back("winrm enumerate winrm/config/listener");
            return;
        case ErrorId::tls_handshake:
            finding.here.push_back(fmt::format("openssl s_client -connect {}:{}: TLS 1.2 and 1.3 are offered",
                                               chart.subject.target.host, chart.subject.target.port));
            finding.on_host.emplace_back(
                "$k='HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS "
                "1.2\\Server'; New-Item -Force $k; New-ItemProperty -Force $k -Name Enabled -Value 1 "
                "-PropertyType DWord; New-ItemProperty -Force $k -Name DisabledByDefault -Value 0 "
                "-PropertyType DWord; Restart-Computer   # enables TLS 1.2");
            return;
        default:
            return;
    }
}

bool is_about_certificate(ErrorId id) {
    return id == ErrorId::tls_untrusted || id == ErrorId::tls_name || id == ErrorId::tls_expired ||
           id == ErrorId::tls_revoked || id == ErrorId::tls_pin;
}

}  // namespace

Finding check_tls(Chart& chart) {
    if (!chart.subject.tls()) return not_checked("http:// has no TLS");
    auto found = chart.probes.tls();
    if (found.ok())
        return fine(fmt::format("{} {}, {}, until {}", found->version, found->cipher,
                                found->certificate.subject, utc(found->certificate.not_after)));
    auto finding = failed(std::move(found).error());
    advise(chart, finding);
    if (!is_about_certificate(finding.error->id)) return finding;
    const auto look = chart.probes.tls_unchecked();
    if (look.ok()) advise_about(look->certificate, chart, finding);
    return finding;
}

}  // namespace mullion::doctor
