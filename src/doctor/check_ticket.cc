// A ticket for each name that the host's service may have. One is enough.
#include <fmt/core.h>
#include <fmt/ranges.h>

#include "client/kerberos_logon.h"
#include "doctor/checks.h"
#include "target/credential_rows.h"

namespace mullion::doctor {
namespace {

std::string cache_of(const Subject& subject) {
    const auto& cache = subject.target.kerberos.cache;
    return cache.empty() || cache == target::no_ticket_cache ? std::string() : fmt::format(" -c {}", cache);
}

// "web01.example.test", where DNS says so of "web01".
void name_in_full(const Chart& chart, Finding& finding) {
    const auto& host = chart.subject.kerberos_host();
    const auto full = chart.reverse.find('.') != std::string::npos && chart.reverse != host
                          ? chart.reverse
                          : std::string("NAME.DOMAIN");
    finding.here.push_back(
        fmt::format("--kerberos-hostname {}: the host's full name, or call it by that", full));
}

void advise(const Chart& chart, Finding& finding) {
    const auto& subject = chart.subject;
    const auto principal = subject.principal();
    switch (finding.error->id) {
        case ErrorId::kerberos_ip_address:
            name_in_full(chart, finding);
            break;
        case ErrorId::kerberos_unknown_service:
            name_in_full(chart, finding);
            for (const auto& service : subject.services)
                finding.on_host.push_back(fmt::format("setspn -Q {}/{}", service, subject.kerberos_host()));
            break;
        case ErrorId::kerberos_rejected:
            finding.seen += fmt::format("; the host was not asked");
            finding.here.push_back(fmt::format("kinit {}", principal));
            finding.here.push_back(fmt::format("kpasswd {}: where the password has expired", principal));
            break;
        case ErrorId::kerberos_no_ticket:
            finding.here.push_back(fmt::format("klist{}", cache_of(subject)));
            finding.here.push_back(fmt::format("kinit{} {}: or kinit -R, while it can be renewed",
                                               cache_of(subject), principal));
            break;
        case ErrorId::kerberos_kinit:
            finding.here.push_back(fmt::format("ls -l {}", subject.target.kerberos.kinit_command.empty()
                                                               ? "$(command -v kinit)"
                                                               : subject.target.kerberos.kinit_command));
            finding.here.emplace_back("leave --kinit-cmd out: no program is needed");
            break;
        default:
            break;
    }
}

// The password was looked at, and taken for wrong; or a program had it, and may have shown it to somebody.
bool was_refused(const Subject& subject, ErrorId id) {
    const bool by_keytab = !subject.target.kerberos.keytab.empty();
    return subject.has_password && !by_keytab &&
           (id == ErrorId::kerberos_rejected || id == ErrorId::kerberos_kinit);
}

}  // namespace

Finding check_ticket(Chart& chart) {
    const auto& subject = chart.subject;
    if (!subject.tickets) return not_checked("no log-on here takes a Kerberos ticket");
    std::vector<std::string> seen;
    std::optional<Error> unknown;
    bool some = false;
    for (const auto& service : subject.services) {
        auto ticket = chart.probes.ticket(service);
        if (ticket.ok()) {
            some = true;
            seen.push_back(*ticket);
            continue;
        }
        if (ticket.error().id == ErrorId::kerberos_unknown_service) {
            seen.push_back(fmt::format("none for {}/{}", service, subject.kerberos_host()));
            if (!unknown) unknown = std::move(ticket).error();
            continue;
        }
        if (some) break;  // What there is will do.
        auto finding = failed(std::move(ticket).error());
        advise(chart, finding);
        chart.ticket_failure = finding.error;
        if (was_refused(subject, finding.error->id)) chart.rejected_at = "ticket";
        return finding;
    }
    if (some) return fine(fmt::format("{}", fmt::join(seen, "; ")));
    auto finding =
        failed(client::no_such_service(std::move(*unknown), subject.services, subject.kerberos_host()));
    advise(chart, finding);
    chart.ticket_failure = finding.error;
    return finding;
}

}  // namespace mullion::doctor
