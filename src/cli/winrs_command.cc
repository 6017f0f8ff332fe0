// `winrs [-switch…] COMMAND`: one command in the shell of one host.
#include <fmt/core.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <memory>

#include "cli/exit_status.h"
#include "cli/file_input.h"
#include "cli/host_output.h"
#include "cli/interrupts.h"
#include "cli/namesake_words.h"
#include "cli/namesakes.h"
#include "cli/own_options.h"
#include "cli/quiet_input.h"
#include "cli/report_text.h"
#include "cli/winrm_report.h"
#include "cli/winrm_target.h"
#include "cli/winrs_refusals.h"
#include "cli/wiped_words.h"
#include "client/client.h"
#include "client/kerberos_logon.h"
#include "winrm/help.h"
#include "winrm/winrs_line.h"

namespace mullion::cli {
namespace {

// Where there is no exit code of the command's: as ssh has it, so that a script can tell.
constexpr int no_exit_code = 255;

int fail(WinrmOutput& output, const Error& error) {
    if (error.id == ErrorId::run_interrupted) return exit_status::interrupted;
    output.complain("Winrs error:" + describe(error, in_namesake_words));
    return no_exit_code;
}

winrm::Connection connection_of(winrm::WinrsRequest& request) {
    winrm::Connection connection;
    connection.remote = std::move(request.remote);
    if (!connection.remote && request.ssl) {
        connection.remote = local_endpoint();
        connection.remote->https = true;
        connection.remote->port = 5986;
    }
    connection.user = std::move(request.user);
    connection.password = std::move(request.password);
    connection.unencrypted = request.unencrypted;
    return connection;
}

// Switches that Windows has, and that change nothing here.
void tell_of_idle_switches(const winrm::WinrsRequest& request, WinrmOutput& output) {
    if (request.timeout_s) output.complain("winrs: warning: -timeout is deprecated and has no effect\n");
    if (request.compression)
        output.complain("winrs: warning: -compression has no effect: messages are sent as they are\n");
}

// NTLM, Basic and certificates log on at the host itself, and leave nothing there to log on further with.
bool can_delegate(const Reached& reached) {
    const auto& ways = reached.target.transports;
    return std::any_of(ways.begin(), ways.end(), [&](const std::string& way) {
        if (way == "credssp" || way == "kerberos") return true;
        return way == "negotiate" && client::may_use_kerberos(reached.target, reached.credential);
    });
}

client::RunOptions options_of(winrm::WinrsRequest& request) {
    client::RunOptions options;
    options.command = std::move(request.command);
    options.working_directory = std::move(request.directory);
    options.environment = std::move(request.environment);
    options.no_profile = request.no_profile;
    return options;
}

// Nothing is to be had of /dev/null, and a connection to say so need not be opened.
bool is_null(int descriptor) {
    struct stat facts {};
    return ::fstat(descriptor, &facts) == 0 && S_ISCHR(facts.st_mode) && major(facts.st_rdev) == 1 &&
           minor(facts.st_rdev) == 3;
}

// "The exit code is the remote one", in the eight bits that there are: a failure stays one.
int status_of(std::uint32_t code) {
    const auto low = static_cast<int>(code & 0xFF);
    return low == 0 && code != 0 ? 255 : low;
}

class Command {
public:
    Command(client::Session& session, Interrupts& interrupts, bool no_echo, bool at_the_machine)
        : session_(session),
          interrupts_(interrupts),
          quiet_(no_echo),
          at_the_machine_(at_the_machine),
          writer_(Writer::Options()) {
        writer_.on_broken([this] { session_.interrupt(); });
        interrupts_.on_first([this] { stop(); });
        interrupts_.on_second([this] { quiet_.put_back(); });
    }
    ~Command() {
        interrupts_.on_first({});
        interrupts_.on_second({});
    }
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;

    int run(const client::RunOptions& options, WinrmOutput& output) {
        LiveOutput live(writer_, "", {writer_.writes_to_terminal(false), writer_.writes_to_terminal(true)});
        const auto outcome = session_.run(options, live);
        live.flush();
        const auto late = session_.finish();
        writer_.finish();
        quiet_.put_back();
        for (const auto* warnings : {&outcome.warnings, &late}) {
            for (const auto& warning : *warnings)
                output.complain("winrs: warning: " + describe(warning, in_namesake_words));
        }
        return status(outcome, options, output);
    }

private:
    // The command decides what Ctrl-C is to it; whoever ends us in another way wants it to end.
    void stop() {
        if (interrupts_.first() == SIGINT) {
            session_.send_ctrl_c();
        } else {
            session_.interrupt();
        }
    }

    int status(const client::RunOutcome& outcome, const client::RunOptions& options,
               WinrmOutput& output) const {
        const int problem = writer_.problem();
        if (problem == EPIPE) return exit_status::interrupted;
        if (problem != 0) {
            output.complain(
                fmt::format("winrs: the output could not be written: {}\n", std::strerror(problem)));
            return no_exit_code;
        }
        if (outcome.error) return fail(output, explain_refusal(*outcome.error, options, at_the_machine_));
        return outcome.exit_code ? status_of(*outcome.exit_code) : no_exit_code;
    }

    client::Session& session_;
    Interrupts& interrupts_;
    QuietInput quiet_;
    bool at_the_machine_;
    Writer writer_;
};

int speak(Reached reached, client::RunOptions options, bool no_echo, WinrmOutput& output) {
    std::unique_ptr<client::InputSource> input;
    if (!is_null(STDIN_FILENO)) {
        auto opened = open_input("-");
        if (!opened.ok()) return fail(output, opened.error());
        input = std::move(opened).value();
        options.input = input.get();
    }
    Interrupts interrupts;
    auto* const runtime = new client::Runtime();  // Never deleted: see process.cc.
    interrupts.on_first([runtime] { runtime->stop_waiting(); });
    const bool at_the_machine = !reached.target.socket.empty();
    auto session = client::Session::make(*runtime, std::move(reached.target), std::move(reached.credential));
    interrupts.on_first({});
    if (!session.ok()) return fail(output, session.error());
    return Command(**session, interrupts, no_echo, at_the_machine).run(options, output);
}

}  // namespace

int run_winrs(Words arguments) {
    std::vector<std::string_view> words(arguments.begin(), arguments.end());
    WinrmOutput output;
    auto own = take_own_options(words, Where::before_the_command);
    auto line = winrm::parse_winrs_line(words);
    const auto secret = winrm::winrs_clear_parts(words);
    wipe_words(secret);
    if (!secret.empty()) warn_of_password("winrs", "the password");
    if (!own.ok()) return refuse_words(own.error());
    if (!line.ok()) return refuse_words(line.error());
    if (own->changes_rights()) return refuse_words(only_for_config_sddl());
    if (std::holds_alternative<winrm::WinrsHelp>(*line))
        return output.print(winrm::winrs_help_text()) ? 0 : 1;
    auto& request = std::get<winrm::WinrsRequest>(*line);
    tell_of_idle_switches(request, output);
    const bool no_echo = request.no_echo;
    const bool delegate = request.allow_delegate;
    auto reached = reach(connection_of(request), *own, {"winrs", {}, request.command});
    if (!reached.ok() && reached.error().id == ErrorId::usage_invalid) return refuse_words(reached.error());
    if (!reached.ok()) return fail(output, reached.error());
    reached->target.kerberos.delegation |= delegate;
    if (delegate && !can_delegate(*reached))
        output.complain(
            "winrs: warning: -allowdelegate hands nothing over here: it takes a Kerberos ticket, which a "
            "domain's account has (-username:NAME@REALM), or --transport=credssp\n");
    auto options = options_of(request);
    options.no_profile = options.no_profile || reached->no_profile;
    return speak(std::move(*reached), std::move(options), no_echo, output);
}

}  // namespace mullion::cli
