#include "cli/prepare_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/error_json.h"
#include "cli/printable.h"
#include "cli/report_text.h"
#include "encoding/utf16.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::ordered_json;
using prepare::StepState;

constexpr std::size_t object_size = 8192;  // About.
constexpr std::size_t most_errors =
    4096;  // Of standard error; for the message of a script that did not begin.
constexpr std::size_t shown_errors = 300;

constexpr std::array all_states{StepState::failed, StepState::changed, StepState::skipped, StepState::ok};

std::string_view state_word(StepState state, prepare::Mode mode) {
    if (state != StepState::changed) return to_string(state);
    if (mode == prepare::Mode::check) return "would change";
    return mode == prepare::Mode::undo ? "put back" : "changed";
}

std::size_t count(const prepare::Report& report, StepState state) {
    return static_cast<std::size_t>(std::count_if(report.steps.begin(), report.steps.end(),
                                                  [state](const auto& step) { return step.state == state; }));
}

// The first that failed, with how many others did.
std::string failures(const prepare::Report& report) {
    const auto first = std::find_if(report.steps.begin(), report.steps.end(),
                                    [](const auto& step) { return step.state == StepState::failed; });
    if (first == report.steps.end()) return "a step was skipped";
    const auto more = count(report, StepState::failed) - 1;
    return fmt::format("{}: {}{}", first->id, first->detail,
                       more == 0 ? "" : fmt::format(" (and {} more)", more));
}

Error not_begun(const std::string& errors) {
    const auto said = encoding::shortened(printable(encoding::to_valid_utf8(errors)), shown_errors);
    return {ErrorId::prepare_not_begun, said.empty() ? "it said nothing" : said};
}

// A report that is not whole tells of no end, or of another one than the process had.
bool is_whole(const client::RunOutcome& outcome, const prepare::Report& report) {
    return report.code && outcome.exit_code && *report.code == *outcome.exit_code && outcome.output_complete;
}

Status status_of(ErrorId id) {
    return row(id).status;
}

}  // namespace

void judge(client::RunOutcome& outcome, const prepare::Report& report, prepare::Mode mode,
           const std::string& errors) {
    if (outcome.error || (outcome.status != Status::ok && outcome.status != Status::failed)) return;
    std::optional<Error> error;
    if (report.mode.empty())
        error = not_begun(errors);
    else if (!report.error.empty())
        error = Error(ErrorId::prepare_step_failed, report.error);
    else if (!is_whole(outcome, report) || report.mode != prepare::mode_name(mode))
        error = Error(ErrorId::prepare_incomplete,
                      report.steps.empty()
                          ? std::string("no step was told of")
                          : fmt::format("the last step that was told of is {}", report.steps.back().id));
    else if (*report.code == 1)
        error = Error(ErrorId::prepare_step_failed, failures(report));
    else if (*report.code == 2 && mode == prepare::Mode::check)
        error = Error(ErrorId::prepare_differs, counts_text(report, mode));
    else if (*report.code != 0)
        error = Error(ErrorId::prepare_incomplete, fmt::format("it ended with {}", *report.code));
    if (!error) {
        outcome.status = Status::ok;
        return;
    }
    outcome.status = status_of(error->id);
    outcome.error = std::move(error);
}

std::string step_line(const prepare::StepReport& step, prepare::Mode mode) {
    auto line = fmt::format("{:<13} {}", state_word(step.state, mode), step.id);
    if (!step.detail.empty()) line += ": " + printable(step.detail);
    return line + "\n";
}

std::string counts_text(const prepare::Report& report, prepare::Mode mode) {
    std::string text;
    for (const auto state : all_states) {
        const auto found = count(report, state);
        if (found == 0) continue;
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", found, state_word(state, mode));
    }
    return text.empty() ? "no step" : text;
}

std::string prepare_object(const std::string& host, const client::RunOutcome& outcome,
                           const prepare::Report& report, prepare::Mode mode) {
    Json object;
    object["host"] = host;
    object["status"] = to_string(outcome.status);
    std::string word(prepare::mode_name(mode));
    word.front() = static_cast<char>(word.front() - 'A' + 'a');
    object["mode"] = word;
    object["steps"] = Json::array();
    for (const auto& step : report.steps)
        object["steps"].push_back(
            {{"id", step.id}, {"state", to_string(step.state)}, {"detail", step.detail}});
    object["exit_code"] = outcome.exit_code ? Json(*outcome.exit_code) : Json(nullptr);
    object["duration_ms"] = outcome.duration.count();
    object["error"] = outcome.error ? Json(error_json(*outcome.error)) : Json(nullptr);
    if (!outcome.reason.empty()) object["reason"] = outcome.reason;
    return escaped_json(object.dump(-1, ' ', false, Json::error_handler_t::replace));
}

// Of one host: steps are told as they come.
class PrepareReport::Sink final : public client::OutputSink {
public:
    // An empty name: no prefix. `all`: also the steps that were so already.
    Sink(Writer* writer, std::string name, prepare::Mode mode, bool all)
        : writer_(writer), name_(std::move(name)), mode_(mode), all_(all) {}

    void on_output(client::Stream stream, std::string_view bytes) override {
        if (stream == client::Stream::standard_error) {
            errors_ += bytes.substr(0, most_errors - errors_.size());
            return;
        }
        for (const auto& step : reader_.read_piece(bytes)) tell(step);
    }
    [[nodiscard]] const prepare::Report& report() const { return reader_.report(); }
    [[nodiscard]] const std::string& errors() const { return errors_; }

private:
    void tell(const prepare::StepReport& step) {
        if (writer_ == nullptr || (!all_ && step.state == StepState::ok)) return;
        const auto line = step_line(step, mode_);
        writer_->result(false, name_.empty() ? line : printable(name_) + " | " + line);
    }

    Writer* const writer_;
    const std::string name_;
    const prepare::Mode mode_;
    const bool all_;
    prepare::ReportReader reader_;
    std::string errors_;
};

PrepareReport::PrepareReport(const Hosts& hosts, FleetState& state, Writer& writer, Format format,
                             prepare::Mode mode, MakeInput make_input)
    : hosts_(hosts),
      state_(state),
      writer_(writer),
      format_(format),
      mode_(mode),
      make_input_(std::move(make_input)) {}

PrepareReport::~PrepareReport() = default;

client::OutputSink& PrepareReport::start(std::size_t host) {
    const bool text = format_ == Format::text;
    Place place;
    place.sink = std::make_unique<Sink>(text ? &writer_ : nullptr,
                                        state_.several() ? hosts_.name(host) : std::string(), mode_,
                                        !state_.several());
    place.input = make_input_(host);
    auto& sink = *place.sink;
    places_.insert_or_assign(host, std::move(place));
    return sink;
}

client::InputSource* PrepareReport::input(std::size_t host) {
    const auto place = places_.find(host);
    return place == places_.end() ? nullptr : place->second.input.get();
}

void PrepareReport::on_result(std::size_t host, client::RunOutcome outcome) {
    auto node = places_.extract(host);
    const auto name = hosts_.name(host);
    prepare::Report report;
    if (!node.empty() && node.mapped().sink) {
        report = node.mapped().sink->report();
        judge(outcome, report, mode_, node.mapped().sink->errors());
    }
    if (outcome.error && outcome.error->host.empty()) outcome.error->host = name;
    state_.ended(host, outcome.status, outcome.error);
    for (const auto& warning : outcome.warnings) on_late(host, warning);
    if (format_ == Format::text) {
        tell_text(name, outcome, report);
        return;
    }
    writer_.result(object_size, [document = format_ == Format::json ? document_ : nullptr,
                                 object = prepare_object(name, outcome, report, mode_)]() mutable {
        return document ? document->add(std::move(object)) : std::move(object) + "\n";
    });
}

void PrepareReport::on_late(std::size_t host, Error warning) {
    writer_.note(state_.several() ? brief(hosts_.name(host), warning) : describe(warning));
}

void PrepareReport::tell_text(const std::string& host, const client::RunOutcome& outcome,
                              const prepare::Report& report) {
    const auto counts = report.steps.empty() ? std::string() : ": " + counts_text(report, mode_);
    if (!state_.several()) {
        const auto error = outcome.error ? describe(*outcome.error) : std::string();
        if (report.steps.empty()) {
            writer_.note(error + brief_status(host, outcome.status, outcome.duration, outcome.reason));
            return;
        }
        writer_.note(error + fmt::format("{}{} in {}\n", printable(host), counts, seconds(outcome.duration)));
        return;
    }
    if (outcome.error && !closing_.add(host, *outcome.error)) return;
    if (outcome.status == Status::skipped || report.steps.empty()) {
        writer_.note(brief(host, outcome));
        return;
    }
    writer_.note(fmt::format("{}{}{} in {}\n", printable(host), counts,
                             outcome.error ? fmt::format(" [{}]", outcome.error->info().id) : std::string(),
                             seconds(outcome.duration)));
}

void PrepareReport::finish(Duration elapsed) {
    const auto tally = state_.tally();
    if (format_ == Format::json)
        writer_.result(0, [document = document_, tally] { return document->end(tally); });
    if (format_ == Format::text && state_.several()) writer_.note(closing_.text(tally, elapsed));
}

}  // namespace mullion::cli
