#include "cli/report_text.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "cli/printable.h"
#include "cli/write_all.h"

namespace mullion::cli {
namespace {

void add_line(std::string& text, std::string_view label, std::string_view line) {
    text += fmt::format("  {:<9}{}\n", label, printable(line));
}

template <class Lines>
void add_lines(std::string& text, std::string_view label, const Lines& lines) {
    for (const auto& line : lines) {
        add_line(text, label, line);
        label = "";
    }
}

std::string seconds(Duration duration) {
    return fmt::format("{:.1f} s", duration.count() / 1000.0);
}

}  // namespace

std::string describe(const Error& error) {
    auto text = fmt::format("{} [{}]\n", printable(error.message()), error.info().id);
    if (!error.tried.empty()) add_line(text, "tried:", error.tried);
    if (!error.offered.empty()) add_line(text, "offered:", fmt::format("{}", fmt::join(error.offered, ", ")));
    add_lines(text, "likely:", error.info().causes);
    add_lines(text, "next:", error.all_advice());
    return text;
}

std::string summary(const std::string& host, const client::RunOutcome& outcome) {
    const auto what = outcome.exit_code ? fmt::format("exit {}", *outcome.exit_code)
                                        : std::string(to_string(outcome.status));
    return fmt::format("{}: {} in {}\n", printable(host), what, seconds(outcome.duration));
}

std::string summary(const std::string& host, const client::PingOutcome& outcome) {
    if (outcome.error)
        return fmt::format("{}: {} in {}\n", printable(host), to_string(outcome.status),
                           seconds(outcome.duration));
    return fmt::format("{}: {} {}, by {}{}, in {}\n", printable(host), printable(outcome.vendor),
                       printable(outcome.version), outcome.transport, outcome.sealed ? ", sealed" : "",
                       seconds(outcome.duration));
}

int tell(const Error& error) {
    const bool interrupted = error.id == ErrorId::run_interrupted;  // At a prompt: they know.
    if (!interrupted) (void)write_all(STDERR_FILENO, "mullion: " + describe(error));
    return error.info().exit_code;
}

}  // namespace mullion::cli
