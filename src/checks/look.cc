#include "checks/look.h"

#include <chrono>
#include <iterator>
#include <utility>

namespace mullion::checks {
namespace {

const Error* first_error(std::span<const Answer> answers) {
    for (const auto& answer : answers)
        if (const auto* const error = answer.error(); error != nullptr) return error;
    return nullptr;
}

}  // namespace

Result<Report> look(Mode& mode, const Setting& setting, Asking& asking, Samples& samples) {
    std::vector<Answer> answers;
    const bool takes_errors = mode.takes_errors();
    for (;;) {
        auto questions = mode.ask(setting, answers);
        if (questions.empty()) break;
        if (answers.size() + questions.size() > most_questions)
            return Error(ErrorId::internal_failure, "the check asks without end").on_host(setting.host);
        auto got = asking.ask(std::move(questions), takes_errors ? AfterError::go_on : AfterError::stop);
        if (const auto* const error = first_error(got); error != nullptr && !takes_errors)
            return Error(*error).on_host(setting.host);
        std::move(got.begin(), got.end(), std::back_inserter(answers));
    }
    samples.now.at =
        std::chrono::duration_cast<std::chrono::seconds>(setting.clock.wall().time_since_epoch()).count();
    Report report;
    MULLION_TRY(mode.judge(setting, answers, samples, report));
    return report;
}

}  // namespace mullion::checks
