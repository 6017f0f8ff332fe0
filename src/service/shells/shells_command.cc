// Command: a process begins. [MS-WSMV] 3.1.4.11
#include <algorithm>
#include <utility>

#include "service/shells/memory_limit.h"
#include "service/shells/shell_faults.h"
#include "service/shells/shell_operation.h"
#include "service/shells/shells.h"

namespace mullion::service {
namespace {

// Commands that have ended stay until they are terminated, so that a lost last answer can be asked for again;
// a client that never terminates any must not fill the memory.
constexpr std::size_t most_kept = 256;

void forget_oldest_finished(Shell& shell) {
    if (shell.commands.size() < most_kept) return;
    const auto oldest =
        std::find_if(shell.commands.begin(), shell.commands.end(), [](auto& one) { return one->finished(); });
    if (oldest == shell.commands.end()) return;
    (*oldest)->close();
    shell.commands.erase(oldest);
}

std::size_t running(const Shell& shell) {
    const auto runs = [](const auto& command) { return !command->exited(); };
    return shell.starting.size() +
           static_cast<std::size_t>(std::count_if(shell.commands.begin(), shell.commands.end(), runs));
}

Outcome<std::string> choose_command_id(const Shell& shell, const std::string& wanted, Random& random) {
    if (wanted.empty()) return new_guid(random);
    if (!is_guid(wanted)) return wsman::make_fault(wsman::code::command_id_not_guid);
    const std::string id = upper(wanted);
    if (shell.command(id) || shell.starting.count(id) != 0)
        return wsman::make_fault(wsman::code::command_id_conflict);
    return id;
}

CommandStart describe_start(const Shell& shell, std::string command_id, std::vector<std::string> argv) {
    CommandStart start;
    start.unix_user = shell.unix_user;
    start.user = shell.owner;
    start.shell_id = shell.id;
    start.command_id = std::move(command_id);
    start.argv = std::move(argv);
    start.environment = shell.environment;
    start.working_directory = shell.working_directory;
    start.delegated = shell.delegated;
    return start;
}

// A stream that Create left out has nobody on the other side: as with /dev/null, input is at its end, and
// output goes nowhere instead of filling the pipe until the command waits for ever.
void connect_streams(const Shell& shell, ShellCommand& command) {
    if (!shell.has_input("stdin")) command.offer({}, true);
    if (!shell.has_output("stdout")) command.discard(OutputStream::standard_output);
    if (!shell.has_output("stderr")) command.discard(OutputStream::standard_error);
}

}  // namespace

net::Task<Outcome<std::string>> Shells::command(Visit visit, std::string shell_id, wsman::RunCommand what) {
    auto operation = begin(visit, shell_id);
    if (!operation.ok()) co_return operation.fault();
    const auto shell = operation.value().shell();
    if (!visit.settings->allow_remote_shell_access)
        co_return wsman::make_fault(wsman::code::shells_not_allowed);

    auto id = choose_command_id(*shell, what.command_id, random_);
    if (!id.ok()) co_return id.fault();
    const auto limit = visit.settings->max_processes_per_shell;
    if (limit != 0 && running(*shell) >= limit)
        co_return wsman::make_fault(
            wsman::code::internal_error,
            fmt::format("The shell may run {} processes at a time (MaxProcessesPerShell), and does. ",
                        limit));
    const bool skips_shell = what.skip_cmd_shell.value_or(false);
    auto argv = backend_.command_words(*shell, what);
    if (!argv.ok()) co_return argv.fault();
    if (auto fault = make_room_for_a_command(visit)) co_return *fault;

    shell->starting.insert(id.value());
    auto start = describe_start(*shell, id.value(), std::move(argv.value()));
    start.login_shell = visit.settings->use_login_shell && !skips_shell;
    start.memory_mb = memory_limit(*visit.settings);
    if (!visit.local_session) start.address = visit.client_ip;
    auto started = co_await backend_.start(std::move(start));
    shell->starting.erase(id.value());
    if (const auto* failure = std::get_if<StartFailure>(&started)) {
        log_.warning("command of {} as {} did not start: {}: errno {}", shell->owner, shell->unix_user,
                     failure->step, failure->error);
        co_return start_fault(*failure);
    }
    auto process = std::move(std::get<std::unique_ptr<RunningProcess>>(started));
    auto command =
        std::make_shared<ShellCommand>(executor_, id.value(), shell->code_page, std::move(process));
    connect_streams(*shell, *command);
    command->begin();
    if (shell->closed) {  // Deleted while the process was being made.
        command->close();
        co_return missing(visit, shell_id);
    }
    forget_oldest_finished(*shell);
    shell->commands.push_back(command);
    co_return id.value();
}

}  // namespace mullion::service
