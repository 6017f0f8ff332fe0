// `mullion run TARGET -- COMMAND…`: from words to a fleet's run.
#include <fmt/format.h>
#include <CLI/Option.hpp>
#include <CLI/TypeTools.hpp>
#include <CLI/Validators.hpp>

#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "cli/connection_options.h"
#include "cli/fleet_run.h"
#include "cli/report_text.h"
#include "cli/run_report.h"
#include "cli/seconds.h"
#include "cli/secret_inputs.h"

namespace mullion::cli {
namespace {

struct RunWords {
    std::shared_ptr<ConnectionOptions> connection;
    FleetOptions fleet;
    std::vector<std::string> command;
    std::vector<std::string> environment;
    std::string input;
    SecretInputs secrets;
    RunReport::Options report;
    client::RunOptions options;
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

// Standard input is one; nothing is read of it before that is known.
Result<void> check_words(RunWords& words) {
    words.options.command = fmt::format("{}", fmt::join(words.command, " "));
    const auto& vault_files = words.connection->inventory->vault_password_files;
    const auto* other = words.connection->password.file == "-" ? "--password-file" : nullptr;
    if (std::find(vault_files.begin(), vault_files.end(), "-") != vault_files.end())
        other = "--vault-password-file";
    if (words.connection->secrets.store.passphrase_file == "-") other = "--store-passphrase-file";
    if (words.input == "-" && other != nullptr)
        return Error(ErrorId::usage_invalid,
                     fmt::format("standard input cannot be both {} and --stdin", other));
    MULLION_TRY(read_environment(words));
    return words.secrets.check(words.options.environment, !words.input.empty());
}

int run_on(Hosts& hosts, RunWords& words, Notices& notices) {
    HostSecrets secrets(hosts, words.connection->secrets, {"run", {}, words.options.command},
                        [&notices](const std::string& text) { notices.tell(text); });
    Preparation preparation(hosts, secrets, words.connection->password,
                            [&notices](const std::string& text) { notices.tell(text); });
    if (const auto wanted = words.secrets.want(secrets); !wanted.ok()) return tell(wanted.error());
    if (const auto checked = preparation.check(); !checked.ok()) return tell(checked.error());
    if (const auto given = words.secrets.fill(secrets, words.options); !given.ok())
        return tell(given.error());
    if (auto* const inputs = words.secrets.inputs()) words.report.inputs = inputs;
    FleetRun run(hosts, preparation, notices, words.fleet);
    RunReport report(hosts, run.state(), run.writer(), words.report);
    run.fleet().run(hosts.count(), run.prepare(), words.options, report);
    report.finish(run.elapsed());
    return run.end();
}

int run(RunWords& words) {
    if (const auto checked = check_words(words); !checked.ok()) return tell(checked.error());
    Notices notices;
    const auto hosts =
        find_hosts(*words.connection, [&notices](const std::string& text) { notices.tell(text); });
    if (!hosts.ok()) return tell(hosts.error());
    std::unique_ptr<HostInputs> inputs;
    if (!words.input.empty()) {
        auto opened = open_inputs(words.input, (*hosts)->count() > 1);
        if (!opened.ok()) return tell(opened.error());
        inputs = std::move(opened).value();
    }
    words.report.inputs = inputs.get();
    return run_on(**hosts, words, notices);
}

}  // namespace

void declare_run(CLI::App& app, Action& action) {
    auto words = std::make_shared<RunWords>();
    auto& options = words->options;
    words->connection = declare_connection(app);
    declare_fleet(app, words->fleet);
    app.add_option("COMMAND", words->command,
                   "Words after --, joined with blanks and sent verbatim to the command shell")
        ->required()
        ->type_name("…");
    app.add_option("--cwd", options.working_directory, "Working directory on the host")->type_name("PATH");
    app.add_option("--env", words->environment, "A variable for the command; may be repeated")
        ->allow_extra_args(false)
        ->type_name("NAME=VALUE");
    words->secrets.declare(app);
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
    declare_format(app, words->report.format);
    app.add_option("--output-limit", words->report.output_limit,
                   "Bytes of each stream that json and jsonl keep (default 16 MiB)")
        ->transform(CLI::AsSizeValue(false))
        ->type_name("SIZE");
    app.add_flag(
        "--raw", words->report.raw,
        "Let the hosts' text steer the terminal (colours, cursor, title); without it escape sequences are "
        "shown there, not obeyed. What is no terminal always gets the bytes as they are");
    app.footer(
        "Exit status: 0 every command gave 0; 2 one gave another code; 4 a host was not reached, refused, "
        "timed "
        "out or is\n"
        "unknown; 6 both; 5 wrong usage or inventory; 130 interrupted (Ctrl-C stops the commands on the "
        "hosts, a "
        "second one\n"
        "does not wait).\n\n"
        "Examples:\n"
        "  mullion run https://admin@web01 -k -- ipconfig /all\n"
        "  mullion run http://admin@web01 --transport ntlm --password-file pw --stdin rows.txt -- sort\n"
        "  mullion run web01 -i hosts.yml --secret-env TOKEN=account.api_token -- deploy.cmd\n"
        "  mullion run web01,web02 -u 'CORP\\admin' --transport ntlm --output json -- hostname\n"
        "  mullion run -i hosts.yml 'web*:!web03' --forks 200 --timeout 60 --output jsonl -- systeminfo");
    action = [words] { return run(*words); };
}

}  // namespace mullion::cli
