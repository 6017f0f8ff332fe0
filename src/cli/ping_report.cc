#include "cli/ping_report.h"

#include <utility>

#include "cli/report_text.h"

namespace mullion::cli {
namespace {

constexpr std::size_t object_size = 512;  // About.

}  // namespace

void PingReport::on_ping(std::size_t host, client::PingOutcome outcome) {
    auto name = hosts_.name(host);
    state_.ended(host, outcome.status, outcome.error);
    if (format_ == Format::text) {
        tell_text(name, outcome);
        return;
    }
    writer_.result(object_size, [document = format_ == Format::json ? document_ : nullptr,
                                 name = std::move(name), outcome = std::move(outcome)] {
        auto object = ping_object(name, outcome);
        return document ? document->add(std::move(object)) : object + "\n";
    });
}

void PingReport::tell_text(const std::string& host, const client::PingOutcome& outcome) {
    if (outcome.status == Status::ok) {
        writer_.result(false, summary(host, outcome));
    } else if (!state_.several()) {
        const auto error = outcome.error ? describe(*outcome.error) : std::string();
        const bool skipped = outcome.status == Status::skipped;
        writer_.note(error + (skipped ? brief(host, outcome) : summary(host, outcome)));
    } else if (!outcome.error || closing_.add(host, *outcome.error)) {
        writer_.note(brief(host, outcome));
    }
}

void PingReport::finish(Duration elapsed) {
    const auto tally = state_.tally();
    if (format_ == Format::json)
        writer_.result(0, [document = document_, tally] { return document->end(tally); });
    if (format_ == Format::text && state_.several()) writer_.note(closing_.text(tally, elapsed));
}

}  // namespace mullion::cli
