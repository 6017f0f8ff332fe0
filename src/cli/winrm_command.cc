// `winrm OPERATION RESOURCE …`: from words to what a service is asked for.
#include <fmt/core.h>

#include <cstdlib>
#include <string_view>
#include <vector>

#include "cli/exit_status.h"
#include "cli/interrupts.h"
#include "cli/namesakes.h"
#include "cli/own_options.h"
#include "cli/winrm_config_sddl.h"
#include "cli/winrm_operations.h"
#include "cli/winrm_quickconfig.h"
#include "cli/winrm_target.h"
#include "cli/wiped_words.h"
#include "winrm/error_code.h"
#include "winrm/help.h"
#include "winrm/windows_codes.h"

namespace mullion::cli {
namespace {

const char* read_environment(const char* name) {
    return std::getenv(name);
}

int show_help(const winrm::Help& help, WinrmOutput& output) {
    const auto page = winrm::help_text(help.topic);
    if (page) return output.print(*page) ? winrm_status::ok : winrm_status::failed;
    output.complain(fmt::format("Error: There is no help about \"{}\".\n\n", help.topic));
    (void)output.print(winrm::help_text("help").value_or(""));
    return winrm_status::failed;
}

int show_message(std::uint32_t code, WinrmOutput& output) {
    const auto text = winrm::message_of(code);
    if (text.empty()) {
        output.complain(fmt::format("Error: There is no text for the code {}.\n", winrm::error_number(code)));
        return winrm_status::failed;
    }
    return output.print(text + "\n") ? winrm_status::ok : winrm_status::failed;
}

int speak(const winrm::Request& request, Reached reached, const OwnOptions& own, WinrmOutput& output) {
    Interrupts interrupts;
    // Never deleted: the process ends without waiting for what was given up (process.cc).
    auto* const runtime = new client::Runtime();
    interrupts.on_first([runtime] { runtime->stop_waiting(); });
    const bool at_the_machine = !reached.target.socket.empty();
    auto session = client::Session::make(*runtime, std::move(reached.target), std::move(reached.credential));
    if (!session.ok()) {
        interrupts.on_first({});
        if (session.error().id == ErrorId::run_interrupted) return exit_status::interrupted;
        output.complain(failure_text(session.error(), nullptr, request.format));
        return winrm_status::failed;
    }
    bool interrupted = false;
    interrupts.on_first([&] {
        interrupted = true;
        (*session)->interrupt();
    });
    WinrmOperations operations(**session, request, output);
    const int status = request.operation == winrm::Operation::configsddl
                           ? config_sddl(operations, request, own, at_the_machine, output)
                           : operations.run();
    interrupts.on_first({});  // Waits for one that is being told.
    return interrupted && status != winrm_status::ok ? exit_status::interrupted : status;
}

// By its socket, where nobody logs on.
Error only_for_this_machine() {
    return {
        ErrorId::usage_invalid,
        "Error: winrm quickconfig sets up this machine alone: of Mullion's own options it takes --state=DIR"};
}

int carry_out(winrm::Request request, const OwnOptions& own, WinrmOutput& output) {
    if (request.operation == winrm::Operation::helpmsg) return show_message(request.error_code, output);
    if (request.operation == winrm::Operation::quickconfig) {
        if (own.reaches_hosts()) return refuse_words(only_for_this_machine());
        return quickconfig(request, own, output);
    }
    auto reached = reach(std::move(request.connection), own, {"winrm", {}, {}});
    if (!reached.ok()) {
        if (reached.error().id == ErrorId::run_interrupted) return exit_status::interrupted;
        auto error = std::move(reached).error();
        if (error.id == ErrorId::usage_invalid) error.detail = "Error: " + error.detail;
        return refuse_words(error);
    }
    if (request.operation == winrm::Operation::configsddl) request = sddl_resource(std::move(request));
    return speak(request, std::move(*reached), own, output);
}

}  // namespace

int run_winrm(Words arguments) {
    std::vector<std::string_view> words(arguments.begin(), arguments.end());
    WinrmOutput output;
    const auto secret = winrm::clear_parts(words);
    const bool password = winrm::gives_password(words);
    const bool bag_password = winrm::bag_gives_password(words);
    auto own = take_own_options(words, Where::anywhere);
    auto line = winrm::parse_command_line(words, read_environment);
    wipe_words(secret);
    if (password) warn_of_password("winrm", "the password");
    if (bag_password) warn_of_password("winrm", "the password in @{…}");
    if (!line.ok()) return refuse_words(line.error());
    if (!own.ok()) return refuse_words(own.error());
    if (const auto* help = std::get_if<winrm::Help>(&*line)) return show_help(*help, output);
    const bool edits = std::get<winrm::Request>(*line).operation == winrm::Operation::configsddl;
    if (!edits && own->changes_rights()) return refuse_words(only_for_config_sddl());
    return carry_out(std::move(std::get<winrm::Request>(*line)), *own, output);
}

}  // namespace mullion::cli
