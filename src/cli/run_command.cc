// `mullion run TARGET -- COMMAND…`: from words to a session, and from its result to text or JSON.
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/Option.hpp>
#include <CLI/TypeTools.hpp>
#include <CLI/Validators.hpp>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>

#include "cli/commands.h"
#include "cli/connection_options.h"
#include "cli/exit_status.h"
#include "cli/file_input.h"
#include "cli/interrupts.h"
#include "cli/report_json.h"
#include "cli/report_text.h"
#include "cli/result_status.h"
#include "cli/write_all.h"
#include "client/client.h"
#include "target/option_values.h"

namespace mullion::cli {
namespace {

struct RunWords {
    std::shared_ptr<ConnectionOptions> connection;
    std::vector<std::string> command;
    std::vector<std::string> environment;
    std::string input;
    std::string output = "text";
    std::size_t output_limit = 16 * 1024 * 1024;
    client::RunOptions options;
};

// The host's own bytes, as they arrive.
class LiveOutput final : public client::OutputSink {
public:
    explicit LiveOutput(std::function<void()> on_broken) : on_broken_(std::move(on_broken)) {}
    void on_output(client::Stream stream, std::string_view bytes) override {
        if (problem_ != 0) return;
        const bool error = stream == client::Stream::standard_error;
        if (write_all(error ? STDERR_FILENO : STDOUT_FILENO, bytes)) return;
        problem_ = errno;
        on_broken_();
    }
    // What writing failed with, or 0.
    [[nodiscard]] int problem() const { return problem_; }

private:
    std::function<void()> on_broken_;
    std::atomic<int> problem_ = 0;
};

class CapturedOutput final : public client::OutputSink {
public:
    explicit CapturedOutput(std::size_t limit) : output(limit), errors(limit) {}
    void on_output(client::Stream stream, std::string_view bytes) override {
        (stream == client::Stream::standard_error ? errors : output).add(bytes);
    }
    Captured output, errors;
};

Result<void> read_environment(RunWords& words) {
    for (const auto& pair : words.environment) {
        const auto equals = pair.find('=');
        if (equals == 0 || equals == std::string::npos)
            return Error(ErrorId::usage_invalid, fmt::format("--env {}: write NAME=VALUE", pair));
        words.options.environment.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
    }
    return {};
}

// A run that could not even begin is a result as well: exactly one object per host.
client::RunOutcome not_begun(Error error) {
    client::RunOutcome outcome;
    outcome.status = error.info().status;
    outcome.error = std::move(error);
    return outcome;
}

std::string unwritten(int problem) {
    return fmt::format("mullion: the output could not be written: {}\n", std::strerror(problem));
}

int report(const RunWords& words, const std::string& host, const client::RunOutcome& outcome,
           const CapturedOutput& captured) {
    std::string notes;
    for (const auto& warning : outcome.warnings) notes += describe(warning);
    bool told = true;
    if (words.output == "text") {
        if (outcome.error) notes += describe(*outcome.error);
        notes += summary(host, outcome);
    } else {
        auto object = run_object(host, outcome, captured.output, captured.errors);
        if (words.output == "json") object = document(object, outcome.status);
        told = write_all(STDOUT_FILENO, object + "\n");
    }
    if (!told) notes += unwritten(errno);
    (void)write_all(STDERR_FILENO, notes);
    const int status = exit_status_of(outcome.status, outcome.error);
    return told || status != exit_status::ok ? status
                                             : exit_status::host_failed;  // A result nobody got is none.
}

int converse(RunWords& words, Destination destination, client::InputSource* input) {
    Interrupts interrupts;
    // Never deleted: the process ends when the result is told and the shell is gone, and does not wait for a
    // name look-up or a connection that was given up (main.cc).
    auto* const runtime = new client::Runtime;
    const auto host = destination.target.name;
    auto session =
        client::Session::make(*runtime, std::move(destination.target), std::move(destination.credential));
    CapturedOutput captured(words.output_limit);
    if (!session.ok()) return report(words, host, not_begun(std::move(session).error()), captured);
    auto& one = *session.value();
    interrupts.on_first([&one] { one.interrupt(); });
    LiveOutput live([&one] { one.interrupt(); });

    client::OutputSink& sink = words.output == "text" ? static_cast<client::OutputSink&>(live) : captured;
    words.options.input = input;
    const auto outcome = one.run(words.options, sink);
    int status = exit_status::interrupted;
    if (live.problem() == 0) {
        status = report(words, host, outcome, captured);
    } else if (live.problem() != EPIPE) {  // `… | head` has what it wanted; a full disk has not.
        (void)write_all(STDERR_FILENO, unwritten(live.problem()));
        status = exit_status::host_failed;
    }
    for (const auto& warning : one.finish()) (void)write_all(STDERR_FILENO, describe(warning));
    interrupts.on_first({});
    return status;
}

int run(RunWords& words) {
    words.options.command = fmt::format("{}", fmt::join(words.command, " "));
    if (const auto checked = read_environment(words); !checked.ok()) return tell(checked.error());
    if (words.input == "-" && words.connection->password.file == "-")
        return tell({ErrorId::usage_invalid, "standard input cannot be both --password-file and --stdin"});
    std::unique_ptr<client::InputSource> input;
    if (!words.input.empty()) {
        auto opened = open_input(words.input);
        if (!opened.ok()) return tell(opened.error());
        input = std::move(opened).value();
    }
    auto destination = resolve(*words.connection);
    if (!destination.ok()) return tell(destination.error());
    return converse(words, std::move(destination).value(), input.get());
}

void declare_seconds(CLI::App& app, const std::string& name, std::optional<Duration>& into,
                     const std::string& help) {
    app.add_option_function<std::string>(
           name,
           [name, &into](const std::string& text) {
               const auto value = target::parse_seconds(text);
               if (!value.ok()) throw CLI::ValidationError(name, value.error().detail);
               into = value.value();
           },
           help)
        ->type_name("SECONDS");
}

}  // namespace

void declare_run(CLI::App& app, Action& action) {
    auto words = std::make_shared<RunWords>();
    auto& options = words->options;
    words->connection = declare_connection(app);
    app.add_option("COMMAND", words->command,
                   "Words after --, joined with blanks and sent verbatim to the command shell")
        ->required()
        ->type_name("…");
    app.add_option("--cwd", options.working_directory, "Working directory on the host")->type_name("PATH");
    app.add_option("--env", words->environment, "A variable for the command; may be repeated")
        ->allow_extra_args(false)
        ->type_name("NAME=VALUE");
    app.add_option("--codepage", options.code_page, "Code page of the shell")
        ->capture_default_str()
        ->type_name("NUMBER");
    app.add_flag("--no-profile", options.no_profile, "Do not load the account's profile");
    app.add_option("--stdin", words->input, "Standard input of the command; without it, it is empty")
        ->type_name("FILE|-");
    declare_seconds(app, "--timeout", options.timeout,
                    "Wall clock for all of it; then the command is stopped");
    declare_seconds(app, "--wait-for", options.wait_for,
                    "Keep trying a host that refuses connections or says 503 (booting)");
    app.add_option("--max-envelope-size", options.max_envelope_size,
                   "Bytes of one message; the host's MaxEnvelopeSizekb bounds it")
        ->check(CLI::Range(8'192, 32 * 1024 * 1024))
        ->capture_default_str()
        ->type_name("BYTES");
    app.add_option("--output", words->output,
                   "text: as it arrives; json: one document; jsonl: one line per host")
        ->check(CLI::IsMember({"text", "json", "jsonl"}))
        ->type_name("text|json|jsonl");
    app.add_option("--output-limit", words->output_limit,
                   "Bytes of each stream that json and jsonl keep (default 16 MiB)")
        ->transform(CLI::AsSizeValue(false))
        ->type_name("SIZE");
    app.footer(
        "Exit status: 0 the command gave 0; 2 it gave another code; 4 the host was not reached, refused, "
        "timed out or is\n"
        "unknown; 5 wrong usage; 130 interrupted (Ctrl-C stops the command on the host, a second one does "
        "not wait).\n\n"
        "Examples:\n"
        "  mullion run https://admin@web01 -k -- ipconfig /all\n"
        "  mullion run http://admin@web01 --password-file pw --stdin rows.txt -- sort\n"
        "  mullion run web01 -u 'CORP\\admin' --transport ntlm --output json -- hostname");
    action = [words] { return run(*words); };
}

}  // namespace mullion::cli
