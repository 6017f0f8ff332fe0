// Logging on by one transport, and asking who is there.
#include <fmt/core.h>

#include "auth/policy.h"
#include "doctor/checks.h"

namespace mullion::doctor {
namespace {

using auth::Transport;

bool takes_password(const Chart& chart, const Route& route) {
    return route.transport != Transport::certificate && chart.subject.has_password;
}

// The host knew who it was, and said no to them.
bool is_known(const Error& error) {
    return error.info().phase == Phase::wsman && error.wsman_code.has_value();
}

// Somebody looked at the password, and did not take it.
bool was_refused(ErrorId id) {
    return id == ErrorId::auth_rejected || id == ErrorId::kerberos_rejected || id == ErrorId::credssp_error ||
           id == ErrorId::kerberos_kinit;
}

// Negotiate goes on with NTLM where there is no ticket.
bool goes_on_without_ticket(const Chart& chart) {
    const auto& subject = chart.subject;
    const bool ntlm = subject.has_password && !subject.target.kerberos.delegation;
    return ntlm && (!chart.ticket_failure || auth::is_about_tickets(chart.ticket_failure->id));
}

// A service on Linux asks PAM about passwords by Basic alone: the others show none (ADR 36).
bool may_be_for_pam(const Chart& chart, const Route& route) {
    if (route.transport == Transport::basic || route.transport == Transport::kerberos) return false;
    if (route.transport == Transport::certificate || !chart.http) return false;
    constexpr auto basic = Transport::basic;
    const auto& offered = chart.http->offered;
    return !offered.empty() && !auth::choose({&basic, 1}, offered).empty();
}

void advise_rejected(const Chart& chart, const Route& route, Finding& finding) {
    const auto& subject = chart.subject;
    finding.seen += fmt::format("; the account is {}", subject.user);
    finding.on_host.emplace_back(
        "Get-WinEvent -FilterHashtable @{LogName='Security'; Id=4625} -MaxEvents 5 | Format-List Message");
    finding.on_host.emplace_back("Get-LocalUser; Get-LocalGroupMember Administrators");
    finding.on_host.emplace_back(
        "journalctl -u mullion   # where it runs mullion serve: why, in PAM's words too");
    if (may_be_for_pam(chart, route))
        finding.here.emplace_back(
            "--transport basic, over https: Linux users of a host that runs mullion serve --pam log on by "
            "nothing else");
    const bool binds = route.transport != Transport::basic && subject.tls() && subject.target.send_cbt;
    if (!binds) return;
    finding.on_host.emplace_back(
        "Get-Item WSMan:\\localhost\\Service\\Auth\\CbtHardeningLevel   # Strict refuses who comes through a "
        "proxy that ends TLS");
    finding.here.push_back(fmt::format(
        "openssl s_client -connect {}:{}: whose certificate is it? If the host's own is another one, a proxy "
        "on the way ends TLS, and the channel binding cannot match",
        subject.target.host, subject.target.port));
}

void advise(const Chart& chart, const Route& route, Finding& finding) {
    const auto& subject = chart.subject;
    switch (finding.error->id) {
        case ErrorId::auth_rejected:
            advise_rejected(chart, route, finding);
            break;
        case ErrorId::auth_plaintext:
            finding.here = {"https:// in place of http://", "--transport ntlm, which seals over http",
                            "--allow-unencrypted: then everybody on the way can read it"};
            break;
        case ErrorId::auth_encryption_refused:
            finding.here = {"--message-encryption auto"};
            finding.on_host = {"winrm get winrm/config/service   # AllowUnencrypted"};
            break;
        case ErrorId::auth_domain_account:
            finding.here = {"--transport kerberos, ntlm, negotiate or credssp: those know domains"};
            break;
        case ErrorId::auth_local_account:
            finding.here = {"--transport ntlm", "--transport basic, over https"};
            break;
        case ErrorId::kerberos_refused:
            finding.on_host = {fmt::format("setspn -Q HTTP/{}   # on a domain controller: whose name it is",
                                           subject.kerberos_host()),
                               "setspn -X   # on a domain controller: names that two accounts have",
                               "klist purge", "Test-ComputerSecureChannel -Repair"};
            finding.here = {"mullion ticket destroy, or kdestroy"};
            break;
        case ErrorId::kerberos_clock:
            finding.on_host = {"w32tm /query /status", "w32tm /resync"};
            finding.here = {"timedatectl", "chronyc tracking"};
            break;
        case ErrorId::credssp_tls12:
            finding.on_host = {"Get-HotFix KB3080079",
                               "Get-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\"
                               "Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS "
                               "1.2\\Server'"};
            finding.here = {"--credssp-disable-tls12: for Server 2008 alone"};
            break;
        case ErrorId::credssp_public_key:
            finding.seen += "; nothing was delegated";
            finding.here = {fmt::format("traceroute -T -p {} {}: what is between this machine and the host?",
                                        subject.target.port, subject.target.host)};
            break;
        case ErrorId::auth_certificate_rejected:
            finding.on_host = {"Set-Item WSMan:\\localhost\\Service\\Auth\\Certificate $true",
                               "Get-ChildItem Cert:\\LocalMachine\\Root, Cert:\\LocalMachine\\TrustedPeople"};
            break;
        case ErrorId::auth_certificate_unmapped:
            finding.on_host = {"Get-ChildItem WSMan:\\localhost\\ClientCertificate"};
            break;
        default:
            break;
    }
}

std::string described(const LoggedOn& in) {
    auto text = in.vendor.empty() ? std::string("logged on") : fmt::format("{} {}", in.vendor, in.version);
    if (!in.how.empty()) text += fmt::format(", by {}", in.how);
    return text + (in.sealed ? ", sealed" : "");
}

Finding came_in(Chart& chart, const Route& route, LoggedOn in, std::string seen) {
    if (!chart.way_in) {
        chart.way_in = route.transport;
        chart.as_whom = std::move(in);
    }
    return fine(std::move(seen));
}

}  // namespace

Finding check_logon(Chart& chart, const Route& route) {
    if (route.refusal) {
        auto finding = failed(*route.refusal);
        advise(chart, route, finding);
        return finding;
    }
    if (!chart.rejected_at.empty() && takes_password(chart, route))
        return skipped_because(chart.rejected_at,
                               "the password was refused, and another try may lock the account");
    const auto above = chart.trouble_of("ticket");
    if (route.transport == Transport::negotiate && !above.empty() && !goes_on_without_ticket(chart))
        return skipped_because(above);
    if (route.transport != Transport::certificate && chart.http) {
        const auto& offered = chart.http->offered;
        if (offered.empty() || auth::choose({&route.transport, 1}, offered).empty())
            return not_checked("the host does not offer it");
    }
    auto in = chart.probes.log_on(route.transport);
    if (in.ok()) {
        auto seen = described(*in);
        return came_in(chart, route, std::move(in).value(), std::move(seen));
    }
    if (is_known(in.error())) return came_in(chart, route, {}, "the host knows the account");
    auto finding = failed(std::move(in).error());
    advise(chart, route, finding);
    if (was_refused(finding.error->id) && takes_password(chart, route)) chart.rejected_at = name_of(route);
    return finding;
}

}  // namespace mullion::doctor
