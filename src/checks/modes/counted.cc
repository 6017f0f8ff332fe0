#include "checks/modes/counted.h"

#include <algorithm>

namespace mullion::checks {

Result<void> CountedMode::prepare(const Setting& setting) {
    MULLION_TRY(counters_.prepare(setting.words));
    if (counters_.only_listed()) return {};
    return read(setting);
}

std::vector<Ask> CountedMode::ask(const Setting& setting, std::span<const Answer> so_far) {
    if (counters_.only_listed() || !so_far.empty()) return {};
    return questions(setting);
}

Result<void> CountedMode::judge(const Setting& setting, std::span<const Answer> answers, Samples& samples,
                                Report& report) {
    if (counters_.only_listed()) {
        counters_.list(report);
        return {};
    }
    MULLION_ASSIGN(auto counted, count(setting, answers, samples, report));
    return counters_.judge(std::move(counted), report);
}

void say_refused(const Setting& setting, Report& report, std::string text) {
    const auto word = setting.words.text("opt-exit");
    auto status = Status::unknown;
    for (const auto one : {Status::ok, Status::warning, Status::critical}) {
        const auto name = status_word(one);
        const bool same = name.size() == word.size() &&
                          std::equal(name.begin(), name.end(), word.begin(),
                                     [](char a, char b) { return a == b || (a | 0x20) == b; });
        if (same) status = one;
    }
    report.say(status, std::move(text));
}

}  // namespace mullion::checks
