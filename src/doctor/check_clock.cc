// This machine's clock, against the host's and the KDC's. Kerberos allows five minutes (RFC 4120 1.6).
#include <fmt/core.h>

#include <cstdlib>

#include "doctor/checks.h"

namespace mullion::doctor {
namespace {

constexpr std::chrono::seconds allowed{300};

struct Compared {
    std::string text;
    bool wrong = false;
};

Compared compare(std::string_view whose, std::chrono::seconds clock) {
    const bool wrong = clock > allowed || clock < -allowed;
    const auto size = std::abs(clock.count());
    if (size <= 1) return {fmt::format("as {} has it", whose), false};
    return {fmt::format("{} s {} {}", size, clock.count() > 0 ? "behind" : "ahead of", whose), wrong};
}

}  // namespace

Finding check_clock(Chart& chart) {
    std::vector<Compared> compared;
    if (chart.http && chart.http->clock) compared.push_back(compare("the host's", *chart.http->clock));
    if (chart.subject.tickets) {
        const auto& kdc = chart.ask_kdc();
        if (!kdc.ok() && kdc.error().id == ErrorId::run_interrupted) return failed(kdc.error());
        if (kdc.ok() && kdc->clock) compared.push_back(compare("the KDC's", *kdc->clock));
    }
    if (compared.empty()) return not_checked("nobody who was asked tells the time");
    std::string said = "this machine's clock is ";
    bool wrong = false;
    for (const auto& one : compared) {
        said += (&one == compared.data() ? "" : ", ") + one.text;
        wrong = wrong || one.wrong;
    }
    if (!wrong) return fine(said);
    // NTLM, Basic and certificates do not mind.
    if (!chart.subject.tickets) return fine(said + "; Kerberos would not work");
    auto finding = failed(Error(ErrorId::kerberos_clock, said));
    finding.here = {"timedatectl", "chronyc tracking"};
    finding.on_host = {"w32tm /query /status", "w32tm /resync"};
    return finding;
}

}  // namespace mullion::doctor
