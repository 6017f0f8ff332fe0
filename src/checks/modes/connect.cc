// Whether the host answers, and in what time: who it is, and one small query. A mode that Centreon has not.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "checks/bytes.h"
#include "checks/counters/counters.h"
#include "checks/modes/all.h"
#include "checks/nothing.h"
#include "checks/rows.h"
#include "checks/when.h"
#include "crypto/x509.h"

namespace mullion::checks {
namespace {

std::vector<Block> blocks() {
    return {{.name = "global",
             .counters = {{.label = "identify-time", .metric = "wsman.identify.time.seconds"},
                          {.label = "query-time", .metric = "wsman.query.time.seconds"},
                          {.label = "certificate-expires", .metric = "wsman.certificate.expires.days"}}}};
}

Reading time_of(std::string_view what, const Answer& answer) {
    const double seconds = std::chrono::duration<double>(answer.took).count();
    const auto shown = fixed(seconds, 3);
    return {.is = Reading::Is::value,
            .number = seconds,
            .text = fmt::format("{}: {} s", what, shown),
            .metrics = {{.value = shown, .unit = "s", .min = "0"}}};
}

constexpr std::int64_t day = 86'400;

// Without TLS there is no certificate, and nothing to judge.
Result<Reading> certificate_of(const Identified& who, std::int64_t now) {
    if (who.certificate.empty()) return Reading::off();
    MULLION_ASSIGN(const auto certificate, crypto::describe_certificate(who.certificate));
    const auto ends =
        std::chrono::duration_cast<std::chrono::seconds>(certificate.not_after.time_since_epoch());
    const auto left = std::max<std::int64_t>(ends.count() - now, 0);
    return Reading{.is = Reading::Is::value,
                   .number = static_cast<double>(left / day),
                   .text = left > 0 ? "certificate expires in " + format_duration(static_cast<double>(left))
                                    : "certificate expired",
                   .metrics = {{.value = std::to_string(left / day), .unit = "d", .min = "0"}}};
}

std::string way_of(const Identified& who) {
    return fmt::format("Logged on by {}, {}", who.transport.empty() ? "nothing" : who.transport,
                       who.tls.empty() ? "without TLS" : who.tls);
}

class Connect final : public Mode {
public:
    Result<void> prepare(const Setting& setting) override {
        for (const auto* kind : {"unknown", "warning", "critical"})
            for (const auto* name : {"certificate-expires", "wsman-certificate-expires-days"})
                certificate_wanted_ |= !setting.words.text(fmt::format("{}-{}", kind, name)).empty();
        return counters_.prepare(setting.words);
    }

    std::vector<Ask> ask(const Setting&, std::span<const Answer> so_far) override {
        if (!so_far.empty() || counters_.only_listed()) return {};
        return {Identification{}, Query{"Select Caption From Win32_OperatingSystem"}};
    }

    Result<void> judge(const Setting& setting, std::span<const Answer> answers, Samples&,
                       Report& report) override {
        if (counters_.only_listed()) {
            counters_.list(report);
            return {};
        }
        const auto* who = std::get_if<Identified>(&answers[0].of);
        if (who == nullptr) return malformed("the host did not say who it is");
        const auto& systems = rows_of(answers[1]);
        if (systems.empty()) {
            say_no_rows(report, "Win32_OperatingSystem", rights::cim);
            return {};
        }
        Counted counted;
        counted.prefix = fmt::format("'{}' [{} {}] ", shown(systems.front(), "Caption"),
                                     who->identity.product_vendor, who->identity.product_version);
        MULLION_ASSIGN(auto certificate, certificate_of(*who, unix_now(setting.clock)));
        counted.readings = {time_of("identify", answers[0]), time_of("query", answers[1]),
                            std::move(certificate)};
        report.line(way_of(*who));
        if (certificate_wanted_ && who->certificate.empty())
            report.say(Status::unknown, "without TLS there is no certificate that could expire");
        return counters_.judge({{std::move(counted)}}, report);
    }

private:
    Counters counters_{blocks()};
    bool certificate_wanted_ = false;  // A threshold says so.
};

}  // namespace

ModeInfo connect_mode() {
    ModeInfo info;
    info.name = "connect";
    info.help = "Whether the host answers, in what time, and for how long its certificate is valid.";
    info.options = counter_options(blocks());
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Connect>(); };
    info.example = "mullion check connect HOST --critical-query-time 5 --warning-certificate-expires 30:";
    return info;
}

}  // namespace mullion::checks
