// Whether the host answers, and in what time: who it is, and one small query. A mode that Centreon has not.
#include <fmt/format.h>

#include "checks/bytes.h"
#include "checks/counters/counters.h"
#include "checks/modes/all.h"
#include "checks/nothing.h"
#include "checks/rows.h"

namespace mullion::checks {
namespace {

std::vector<Block> blocks() {
    return {{.name = "global",
             .counters = {{.label = "identify-time", .metric = "wsman.identify.time.seconds"},
                          {.label = "query-time", .metric = "wsman.query.time.seconds"}}}};
}

Reading time_of(std::string_view what, const Answer& answer) {
    const double seconds = std::chrono::duration<double>(answer.took).count();
    const auto shown = fixed(seconds, 3);
    return {.is = Reading::Is::value,
            .number = seconds,
            .text = fmt::format("{}: {} s", what, shown),
            .metrics = {{.value = shown, .unit = "s", .min = "0"}}};
}

class Connect final : public Mode {
public:
    Result<void> prepare(const Setting& setting) override { return counters_.prepare(setting.words); }

    std::vector<Ask> ask(const Setting&, std::span<const Answer> so_far) override {
        if (!so_far.empty() || counters_.only_listed()) return {};
        return {Identification{}, Query{"Select Caption From Win32_OperatingSystem"}};
    }

    Result<void> judge(const Setting&, std::span<const Answer> answers, Samples&, Report& report) override {
        if (counters_.only_listed()) {
            counters_.list(report);
            return {};
        }
        const auto* identity = std::get_if<wsman::Identity>(&answers[0].of);
        if (identity == nullptr) return malformed("the host did not say who it is");
        const auto& systems = rows_of(answers[1]);
        if (systems.empty()) {
            say_no_rows(report, "Win32_OperatingSystem", rights::cim);
            return {};
        }
        Counted counted;
        counted.prefix = fmt::format("'{}' [{} {}] ", shown(systems.front(), "Caption"),
                                     identity->product_vendor, identity->product_version);
        counted.readings = {time_of("identify", answers[0]), time_of("query", answers[1])};
        return counters_.judge({{std::move(counted)}}, report);
    }

private:
    Counters counters_{blocks()};
};

}  // namespace

ModeInfo connect_mode() {
    ModeInfo info;
    info.name = "connect";
    info.help = "Whether the host answers, and in what time.";
    info.options = counter_options(blocks());
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Connect>(); };
    info.example = "mullion check connect HOST --critical-query-time 5";
    return info;
}

}  // namespace mullion::checks
