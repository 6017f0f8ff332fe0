// Send and Signal: what comes in while a command runs. [MS-WSMV] 3.1.4.13, 3.1.4.12
#include <algorithm>

#include "service/shells/shell_faults.h"
#include "service/shells/shell_operation.h"
#include "service/shells/shells.h"

namespace mullion::service {
namespace {

using std::chrono::steady_clock;

// How long the answer to terminate waits for the killed process to be gone.
constexpr Duration kill_patience{2'000};

ProcessSignal process_signal(wsman::SignalCode code) {
    switch (code) {
        case wsman::SignalCode::ctrl_c:
            return ProcessSignal::interrupt;
        case wsman::SignalCode::ctrl_break:
            return ProcessSignal::quit;
        case wsman::SignalCode::terminate:
            break;
    }
    return ProcessSignal::kill;
}

}  // namespace

// Input is taken whole or not at all: one message may wait while the process does not read; the next one is
// told to come again.
net::Task<Done> Shells::send(Visit visit, std::string shell_id, wsman::SendInput what) {
    auto operation = begin(visit, shell_id);
    if (!operation.ok()) co_return operation.fault();
    const auto shell = operation.value().shell();
    if (what.command_id.empty()) co_return command_shell_fault(wsman::code::invalid_parameter);
    const auto command = shell->command(upper(what.command_id));
    if (!command) co_return command_missing();
    if (what.stream != "stdin" || !shell->has_input("stdin"))
        co_return command_shell_fault(wsman::code::invalid_input_stream);

    end_with(visit, command);
    while (!command->closed() && !command->input_closed() && !command->input_free()) {
        if (steady_clock::now() >= visit.deadline || visit.gone())
            co_return command_shell_fault(wsman::code::busy);
        co_await command->changed().wait_until(visit.deadline);
    }
    if (command->closed()) co_return closed(*shell);
    if (command->input_closed()) co_return command_shell_fault(wsman::code::broken_pipe);
    if (check_bytes(visit)) co_return command_shell_fault(wsman::code::busy);
    command->offer(std::move(what.bytes), what.end);
    co_return Nothing{};
}

// No quota stands in the way of ending something.
net::Task<Done> Shells::signal(Visit visit, std::string shell_id, wsman::SendSignal what) {
    const auto shell = find(visit, shell_id);
    if (!shell) co_return missing(visit, shell_id);
    shell->last_used = clock_.now();
    if (what.command_id.empty()) co_return command_shell_fault(wsman::code::invalid_parameter);
    const auto command = shell->command(upper(what.command_id));
    if (!command) co_return command_missing();
    if (what.code != wsman::SignalCode::terminate) {
        if (!command->exited()) command->send(process_signal(what.code));
        co_return Nothing{};
    }
    command->close();
    std::erase(shell->commands, command);
    std::vector<std::shared_ptr<ShellCommand>> one{command};
    co_await wait_for_exits(std::move(one), std::min(visit.deadline, steady_clock::now() + kill_patience));
    co_return Nothing{};
}

}  // namespace mullion::service
