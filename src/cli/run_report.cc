#include "cli/run_report.h"

#include <utility>

#include "cli/report_text.h"

namespace mullion::cli {
namespace {

constexpr std::size_t object_size = 512;  // About, without its output.

}  // namespace

RunReport::RunReport(const Hosts& hosts, FleetState& state, Writer& writer, Options options)
    : hosts_(hosts),
      state_(state),
      writer_(writer),
      options_(options),
      shown_{!options.raw && writer.writes_to_terminal(false),
             !options.raw && writer.writes_to_terminal(true)} {}

client::OutputSink& RunReport::start(std::size_t host) {
    Place place;
    client::OutputSink* sink = nullptr;
    if (options_.format == Format::text) {
        const auto prefix = state_.several() ? hosts_.name(host) : std::string();
        place.live = std::make_unique<LiveOutput>(writer_, prefix, shown_);
        sink = place.live.get();
    } else {
        place.captured = std::make_shared<CapturedOutput>(options_.output_limit);
        sink = place.captured.get();
    }
    if (options_.inputs != nullptr) place.input = options_.inputs->open();
    places_.insert_or_assign(host, std::move(place));
    return *sink;
}

client::InputSource* RunReport::input(std::size_t host) {
    const auto place = places_.find(host);
    return place == places_.end() ? nullptr : place->second.input.get();
}

void RunReport::on_result(std::size_t host, client::RunOutcome outcome) {
    auto place = take(host);
    if (place.live) place.live->flush();
    if (place.captured) place.captured->flush();
    const auto name = hosts_.name(host);
    state_.ended(host, outcome.status, outcome.error);
    for (const auto& warning : outcome.warnings) tell_warning(name, warning);
    if (options_.format == Format::text) {
        tell_text(name, outcome);
    } else {
        if (!place.captured) place.captured = std::make_shared<CapturedOutput>(0);
        tell_object(name, std::move(outcome), std::move(place.captured));
    }
}

void RunReport::on_late(std::size_t host, Error warning) {
    tell_warning(hosts_.name(host), warning);
}

RunReport::Place RunReport::take(std::size_t host) {
    auto node = places_.extract(host);
    return node.empty() ? Place() : std::move(node.mapped());
}

void RunReport::tell_warning(const std::string& host, const Error& warning) {
    writer_.note(state_.several() ? brief(host, warning) : describe(warning));
}

void RunReport::tell_text(const std::string& host, const client::RunOutcome& outcome) {
    if (!state_.several()) {
        const auto error = outcome.error ? describe(*outcome.error) : std::string();
        const auto last = outcome.status == Status::skipped ? brief(host, outcome) : summary(host, outcome);
        std::string hints;
        for (const auto hint : outcome.hints) hints += "hint: " + describe(Error(hint, ""));
        writer_.note(error + last + hints);
        return;
    }
    // What to do about them is said once, in the closing.
    for (const auto hint : outcome.hints) {
        const Error limit(hint, "");
        (void)closing_.add(host, limit);
        writer_.note(brief(host, limit));
    }
    if (outcome.status == Status::ok) return;
    if (outcome.error && !closing_.add(host, *outcome.error)) return;
    writer_.note(brief(host, outcome));
}

void RunReport::tell_object(std::string host, client::RunOutcome outcome,
                            std::shared_ptr<CapturedOutput> captured) {
    const auto size = captured->output.size() + captured->errors.size() + object_size;
    writer_.result(
        size, [document = options_.format == Format::json ? document_ : nullptr, host = std::move(host),
               outcome = std::move(outcome), captured = std::move(captured)] {
            auto object = run_object(host, outcome, std::move(captured->output), std::move(captured->errors));
            return document ? document->add(std::move(object)) : object + "\n";
        });
}

void RunReport::finish(Duration elapsed) {
    const auto tally = state_.tally();
    if (options_.format == Format::json)
        writer_.result(0, [document = document_, tally] { return document->end(tally); });
    if (options_.format == Format::text && state_.several()) writer_.note(closing_.text(tally, elapsed));
}

}  // namespace mullion::cli
