#include "doctor/finding.h"

#include <fmt/core.h>

#include <utility>

namespace mullion::doctor {

std::string_view to_string(State state) {
    switch (state) {
        case State::ok:
            return "ok";
        case State::failed:
            return "failed";
        case State::skipped:
            return "skipped";
        case State::warning:
            return "warning";
    }
    return {};
}

std::vector<std::string> Finding::likely() const {
    if (own_likely) return *own_likely;
    if (!error) return {};
    const auto& causes = error->info().causes;
    return {causes.begin(), causes.end()};
}

std::vector<std::string> Finding::next() const {
    if (own_next) return *own_next;
    if (!error) return {};
    return error->all_advice();
}

Finding fine(std::string seen) {
    Finding finding;
    finding.seen = std::move(seen);
    return finding;
}

Finding not_checked(std::string why) {
    Finding finding;
    finding.state = State::skipped;
    finding.seen = std::move(why);
    return finding;
}

Finding skipped_because(std::string check, std::string_view more) {
    Finding finding;
    finding.state = State::skipped;
    finding.seen = fmt::format("because of {}{}{}", check, more.empty() ? "" : ": ", more);
    finding.because = std::move(check);
    return finding;
}

Finding failed(Error error) {
    Finding finding;
    finding.state = State::failed;
    error.host.clear();  // Every line of it is about that one,
    error.step.clear();  // and the check is the step.
    finding.seen = error.message();
    finding.error = std::move(error);
    return finding;
}

Finding warned(ErrorId id, std::string seen) {
    Finding finding;
    finding.state = State::warning;
    finding.error = Error(id, std::move(seen));
    finding.seen = finding.error->message();
    return finding;
}

}  // namespace mullion::doctor
