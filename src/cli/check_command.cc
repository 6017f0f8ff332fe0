// `mullion check MODE TARGET`: one check of one host, for monitoring systems.
#include "cli/check_command.h"

#include <fmt/format.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checks/limit.h"
#include "checks/state_options.h"
#include "checks/threshold.h"
#include "cli/check_options.h"
#include "cli/check_run.h"
#include "cli/check_source.h"
#include "cli/connection_options.h"
#include "cli/exit_status.h"
#include "cli/notices.h"
#include "cli/preparation.h"
#include "cli/seconds.h"
#include "target/option_values.h"

namespace mullion::cli {
namespace {

struct CheckLine {
    std::shared_ptr<ConnectionOptions> connection;
    checks::Words words;
    std::optional<Duration> timeout, interval;
    bool compat = false, strict = false;
};

void print_modes() {
    fmt::print("Usage: mullion check MODE TARGET [OPTION…]\n\nModes:\n");
    for (const auto& mode : checks::modes()) fmt::print("  {:<16} {}\n", mode.name, mode.help);
    fmt::print(
        "\n  mullion check MODE --help      the options of one mode, with an example\n"
        "  mullion check FILE.yml TARGET  the check that a file describes (docs/checks.md)\n\n"
        "Exit status, as monitoring systems have it: 0 OK; 1 WARNING; 2 CRITICAL; 3 UNKNOWN, also when the "
        "host was "
        "not\nreached, or an option is wrong.\n\n"
        "Example: mullion check memory https://monitor@web01 --password-file pw --warning-usage-prct 80 "
        "--critical-usage-prct 90\n");
}

void declare(CLI::App& app, const checks::ModeInfo& mode, CheckLine& line) {
    line.connection = declare_connection(app);
    declare_check_options(app, mode.options, "Mode", line.words);
    if (app.get_option_no_throw("--timeout") == nullptr)
        declare_seconds(app, "--timeout", line.timeout, checks::timeout_help());
    if (mode.two_samples) {
        declare_seconds(app, "--sample-interval", line.interval,
                        "Look twice in one run, so far apart, and keep nothing for the next");
        declare_check_options(app, checks::state_options(), "Last values", line.words);
    }
    app.add_flag("--strict", line.strict, "Refuse thresholds whose start is above their end");
    app.add_flag("--centreon-compat", line.compat,
                 "Do as Centreon's plugin does also where it is wrong (docs/centreon-migration.md)");
    app.add_option_function<std::string>(
           "--wsman-errors-exit,--errors-exit",
           [&line](const std::string& value) { line.words.set("wsman-errors-exit", value); },
           "The status when the host is not reached or does not answer well (default unknown)")
        ->type_name("STATUS");
    declare_check_options(app, checks::output_options(), "Output", line.words);
    app.footer(fmt::format(
        "Exit status: 0 OK; 1 WARNING; 2 CRITICAL; 3 UNKNOWN, also for a host that was not reached and "
        "for a wrong option.\n\nExample:\n  {}",
        mode.example.empty()
            ? fmt::format("mullion check {} https://monitor@web01 --password-file pw", mode.name)
            : std::string(mode.example)));
}

// Centreon takes a range that is always outside of itself.
Result<void> check_strict(const checks::ModeInfo& mode, const CheckLine& line) {
    if (!line.strict) return {};
    for (const auto& option : mode.options) {
        const auto text = line.words.get(option.name);
        if (!text || option.kind != checks::OptionSpec::Kind::value) continue;
        if (checks::Range::parse(*text) && !checks::Range::parse(*text, true))
            return Error(ErrorId::usage_invalid,
                         fmt::format("--{} {}: the start is above the end", option.name, *text));
    }
    return {};
}

Error only_one_host() {
    return {ErrorId::usage_invalid,
            "a check is of one host: start one for each, as monitoring systems do; mullion exporter watches "
            "a fleet, "
            "mullion cim asks one"};
}

Result<void> check_line(const checks::ModeInfo& mode, CheckLine& line) {
    line.words.set("mode", std::string(mode.name));
    if (line.compat) line.words.set("centreon-compat", "1");
    MULLION_TRY(checks::check_output(line.words));
    MULLION_TRY(check_strict(mode, line));
    if (line.interval && line.words.has("statefile-dir"))
        return Error(ErrorId::usage_invalid,
                     "--sample-interval keeps nothing: leave --statefile-dir out, or name it alone");
    return {};
}

// What a host that is asked needs for as long as it is.
struct Asked {
    std::unique_ptr<Hosts> hosts;
    std::optional<HostSecrets> secrets;
};

// Who is asked, and as whom.
Result<fleet::Work> find_host(const checks::ModeInfo& mode, const CheckLine& line, Notices& notices,
                              Asked& asked) {
    const auto tell = [&notices](const std::string& text) { notices.tell(text); };
    MULLION_ASSIGN(asked.hosts, find_hosts(*line.connection, tell));
    auto& hosts = asked.hosts;
    if (hosts->count() != 1) return only_one_host();
    asked.secrets.emplace(*hosts, line.connection->secrets,
                          secrets::Purpose{"check", {}, std::string(mode.name)}, tell);
    Preparation preparation(*hosts, *asked.secrets, line.connection->password, tell);
    auto prepared = preparation.prepare(0);
    if (auto* const work = std::get_if<fleet::Work>(&prepared)) return std::move(*work);
    auto& why = std::get<fleet::NotRun>(prepared);
    if (why.error) return std::move(*why.error);
    return Error(ErrorId::usage_invalid, fmt::format("{}: {}", hosts->name(0), why.reason));
}

// As words that are wrong end every check: on standard output, UNKNOWN.
int refuse(std::string text) {
    return refuse_check(Error(ErrorId::usage_invalid, std::move(text)), {});
}

int carry_out(const checks::ModeInfo& mode, CheckLine& line) {
    if (const auto right = check_line(mode, line); !right.ok())
        return refuse_check(right.error(), line.words);
    Notices notices;
    Asked asked;
    auto work = find_host(mode, line, notices, asked);
    if (!work.ok()) return refuse_check(work.error(), line.words);
    if (const auto read = read_option_files(mode, line.words); !read.ok())
        return refuse_check(read.error(), line.words);
    if (const auto right = check_words(mode, line.words, work->target, line.compat); !right.ok())
        return refuse_check(right.error(), line.words);
    if (!line.timeout && line.words.has("timeout")) {
        const auto seconds = target::parse_seconds(line.words.text("timeout"));
        if (!seconds.ok()) return refuse("--timeout: " + seconds.error().detail);
        line.timeout = *seconds;
    }
    Interrupts interrupts;  // Before any thread, which inherits that signals are not for it.
    CheckRun run;
    run.mode = &mode;
    run.words = std::move(line.words);
    run.target = std::move(work->target);
    run.credential = std::move(work->credential);
    run.timeout = line.timeout;
    run.interval = line.interval;
    run.compat = line.compat;
    return run_check(std::move(run), interrupts);
}

int parse_and_run(const checks::ModeInfo& mode, Words arguments) {
    CLI::App app{std::string(mode.help), fmt::format("mullion check {}", mode.name)};
    app.option_defaults()->always_capture_default(false);
    CheckLine line;
    declare(app, mode, line);
    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());  // Its name, as argv[0].
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ExtrasError&) {
        return refuse(fmt::format("not an option of this check: {} (see mullion check {} --help)",
                                  fmt::join(app.remaining(), " "), mode.name));
    } catch (const CLI::ParseError& error) {
        return refuse(fmt::format("{} (see mullion check {} --help)", error.what(), mode.name));
    }
    return carry_out(mode, line);
}

// A check file, or a query: what it says makes the options that are read then.
int run_own_check(Words words) {
    const std::string_view name = words.front();
    auto source = check_source({words.begin() + 1, words.end()});
    if (is_check_file(name)) source.set("file", std::string(name));
    const auto mode = mode_of_source(source);
    if (!mode.ok()) return refuse_check(mode.error(), {});
    return parse_and_run(*mode, words);
}

}  // namespace

int run_check_command(Words words) {
    if (words.empty()) {
        print_modes();
        return exit_code(checks::Status::unknown);
    }
    const std::string_view name = words.front();
    if (name == "--help" || name == "-h" || name == "--list-modes" || name == "--list-mode") {
        print_modes();
        return exit_status::ok;
    }
    if (name == "wql" || is_check_file(name)) return run_own_check(words);
    const auto* const mode = checks::find_mode(name);
    if (mode == nullptr)
        return refuse(
            name.starts_with('-')
                ? fmt::format("the mode comes first: mullion check MODE TARGET, not {}", name)
                : fmt::format("there is no mode '{}': mullion check --list-modes shows them", name));
    return parse_and_run(*mode, words);
}

}  // namespace mullion::cli
