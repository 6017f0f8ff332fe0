// Whether a KDC of the user's realm is known, and answers.
#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "doctor/checks.h"

namespace mullion::doctor {
namespace {

std::string in_capitals(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

void advise(const Chart& chart, Finding& finding) {
    const auto& subject = chart.subject;
    const auto& realm = subject.realm;
    if (finding.error->id == ErrorId::kerberos_silent) {
        for (const auto& kdc : subject.target.kerberos.kdcs) {
            const auto colon = kdc.rfind(':');
            finding.here.push_back(fmt::format("nc -vz {} {}", kdc.substr(0, colon), kdc.substr(colon + 1)));
        }
        if (finding.here.empty())
            finding.here.emplace_back("nc -vz KDC 88: for each of those that were tried");
        finding.here.emplace_back("--kdc HOST[:PORT]: another one");
    }
    if (finding.error->id != ErrorId::kerberos_no_kdc || realm.empty()) return;
    const auto true_one = in_capitals(realm);
    if (true_one != realm)
        finding.here.push_back(fmt::format("-u {}@{}: realms are written in capitals",
                                           subject.principal().substr(0, subject.principal().rfind('@')),
                                           true_one));
    finding.here.push_back(fmt::format("dig -t SRV _kerberos._tcp.{}", realm));
    finding.here.push_back(fmt::format("/etc/krb5.conf: [realms] {} = {{ kdc = HOST }}", true_one));
    finding.here.emplace_back("--kdc HOST[:PORT]");
}

}  // namespace

Finding check_kdc(Chart& chart) {
    if (!chart.subject.tickets) return not_checked("no log-on here takes a Kerberos ticket");
    const auto& kdc = chart.ask_kdc();
    if (kdc.ok())
        return fine(
            fmt::format("{} answers for {}, of {}", kdc->answered, kdc->realm, fmt::join(kdc->kdcs, ", ")));
    auto finding = failed(kdc.error());
    advise(chart, finding);
    return finding;
}

}  // namespace mullion::doctor
