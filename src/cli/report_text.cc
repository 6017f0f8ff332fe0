#include "cli/report_text.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "cli/masking.h"
#include "cli/printable.h"
#include "cli/write_all.h"

namespace mullion::cli {
namespace {

void add_line(std::string& text, std::string_view label, std::string_view line) {
    text += fmt::format("  {:<9}{}\n", label, printable(line));
}

template <class Lines>
void add_lines(std::string& text, std::string_view label, const Lines& lines, Wording wording) {
    for (const auto& line : lines) {
        const auto worded = wording != nullptr ? wording(line) : std::string(line);
        if (worded.empty()) continue;
        add_line(text, label, worded);
        label = "";
    }
}

// "log on: the host rejected the credentials: HTTP 401 [auth.rejected] (tried ntlm; offered Negotiate)"
std::string in_one_line(Error error) {
    error = masked(std::move(error));
    error.host.clear();
    auto text = fmt::format("{} [{}]", printable(error.message()), error.info().id);
    auto more = error.tried.empty() ? std::string() : "tried " + error.tried;
    if (!error.offered.empty())
        more += fmt::format("{}offered {}", more.empty() ? "" : "; ", fmt::join(error.offered, ", "));
    if (!more.empty()) text += fmt::format(" ({})", printable(more));
    return text;
}

// "timed out"
std::string in_words(Status status) {
    std::string words(to_string(status));
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

template <class Outcome>
std::string brief_end(const std::string& host, const Outcome& outcome, const std::string& what) {
    if (outcome.status == Status::skipped)
        return fmt::format("{}: skipped: {}\n", printable(host), printable(outcome.reason));
    auto ended = fmt::format("{}: {}", printable(host), what);
    if (outcome.status != Status::not_started) ended += " in " + seconds(outcome.duration);
    return outcome.error ? fmt::format("{}: {}\n", ended, in_one_line(*outcome.error)) : ended + "\n";
}

std::string what_became(const client::RunOutcome& outcome) {
    return outcome.exit_code ? fmt::format("exit {}", *outcome.exit_code)
                             : std::string(to_string(outcome.status));
}

}  // namespace

std::string seconds(Duration duration) {
    return fmt::format("{:.1f} s", duration.count() / 1000.0);
}

std::string causes_and_advice(const Error& error) {
    return causes_and_advice(error, nullptr);
}

std::string causes_and_advice(const Error& error, Wording wording) {
    std::string text;
    add_lines(text, "likely:", error.info().causes, wording);
    add_lines(text, "next:", masked(error).all_advice(), wording);
    return text;
}

std::string describe(const Error& error) {
    return describe(error, nullptr);
}

std::string describe(const Error& said, Wording wording) {
    const auto error = masked(said);
    auto text = fmt::format("{} [{}]\n", printable(error.message()), error.info().id);
    if (!error.tried.empty()) add_line(text, "tried:", error.tried);
    if (!error.offered.empty()) add_line(text, "offered:", fmt::format("{}", fmt::join(error.offered, ", ")));
    return text + causes_and_advice(error, wording);
}

std::string summary(const std::string& host, const client::RunOutcome& outcome) {
    return fmt::format("{}: {} in {}\n", printable(host), what_became(outcome), seconds(outcome.duration));
}

std::string brief(const std::string& host, const client::RunOutcome& outcome) {
    return brief_end(host, outcome, outcome.exit_code ? what_became(outcome) : in_words(outcome.status));
}

std::string brief(const std::string& host, const client::PingOutcome& outcome) {
    return brief_end(host, outcome, in_words(outcome.status));
}

std::string brief(const std::string& host, const client::ConfigOutcome& outcome) {
    return brief_end(host, outcome, in_words(outcome.status));
}

std::string brief_status(const std::string& host, Status status, Duration duration,
                         const std::string& reason) {
    if (status == Status::skipped)
        return fmt::format("{}: skipped: {}\n", printable(host), printable(reason));
    return fmt::format("{}: {} in {}\n", printable(host), to_string(status), seconds(duration));
}

std::string brief(const std::string& host, const Error& warning) {
    return fmt::format("{}: {}\n", printable(host), in_one_line(warning));
}

std::string warning(std::string_view text) {
    return fmt::format("mullion: warning: {}\n", printable(masked(std::string(text))));
}

std::string summary(const std::string& host, const client::PingOutcome& outcome) {
    if (outcome.error)
        return fmt::format("{}: {} in {}\n", printable(host), to_string(outcome.status),
                           seconds(outcome.duration));
    const std::string how = outcome.how.empty() ? "" : fmt::format(" ({})", printable(outcome.how));
    return fmt::format("{}: {} {}, by {}{}{}, in {}\n", printable(host), printable(masked(outcome.vendor)),
                       printable(masked(outcome.version)), outcome.transport, how,
                       outcome.sealed ? ", sealed" : "", seconds(outcome.duration));
}

int tell(const Error& error) {
    const bool interrupted = error.id == ErrorId::run_interrupted;  // At a prompt: they know.
    if (!interrupted) (void)write_all(STDERR_FILENO, "mullion: " + describe(error));
    return error.info().exit_code;
}

}  // namespace mullion::cli
