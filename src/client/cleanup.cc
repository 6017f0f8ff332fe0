#include "client/cleanup.h"

#include <algorithm>

#include "client/run_policy.h"
#include "wsman/fault.h"
#include "wsman/shell.h"
#include "wsman/uris.h"

namespace mullion::client {
namespace {

constexpr Duration patience{10'000};        // For all of it, of a command that is to be stopped.
constexpr Duration signal_patience{2'000};  // For a command to end after a signal.
// For one answer. On a connection that fell silent nothing comes any more; on another it may. One that was
// slow before, since the host or this machine is too busy, is not silent yet; but half of the time is for
// another.
Duration answer_patience(const Host& host, MonotonicTime deadline) {
    constexpr Duration least{3'000};
    const auto left = std::chrono::duration_cast<Duration>(deadline - host.time.now());
    return std::clamp(3 * host.slowest_answer, least, std::max(left / 2, least));
}
constexpr Duration least_interval{50};  // Between two questions to a host that says at once: not yet.
constexpr int most_nonsense = 3;        // Answers that nobody can read, before it is given up.
constexpr int most_refusals = 2;        // Faults, of which one may be about a request that was spoilt.

// The command has answered to its end: its host may be slow, and gets for the rest what any answer gets.
MonotonicTime deadline_for(const Host& host, const ShellState& shell) {
    const auto all = shell.may_run ? patience : std::max(patience, host.read_timeout);
    return later(host.time.now(), all);
}

net::Task<void> signal(Host& host, Lane lane, const ShellState& shell, wsman::SignalCode code,
                       MonotonicTime deadline) {
    Alarm alarm;  // Never rings: clean-up is what is left when everything else was stopped.
    auto id = host.new_message_id();
    wsman::SendSignal message;
    message.command_id = shell.command_id;
    message.code = code;
    auto body = wsman::write_signal(host.settings, id, shell.shell_id, message);
    const auto until = std::min(deadline, later(host.time.now(), answer_patience(host, deadline)));
    Question question{"signal", std::move(id), std::move(body), until};
    // Whatever it answers, what counts is whether the command ends.
    (void)co_await ask(host, lane, std::move(question), alarm);
}

// Receives, and drops the output, until the command has ended; false when it has not by the deadline.
net::Task<bool> has_ended(Host& host, const ShellState& shell, MonotonicTime deadline) {
    Alarm alarm;
    auto settings = host.settings;
    settings.operation_timeout = signal_patience / 2;  // The host answers before we would hang up on it.
    while (host.time.now() < deadline) {
        const auto asked = host.time.now();
        auto id = host.new_message_id();
        wsman::ReceiveOutput message;
        message.command_id = shell.command_id;
        auto body = wsman::write_receive(settings, id, shell.shell_id, message);
        Question question{"read output", std::move(id), std::move(body), deadline};
        auto answer = co_await ask(host, Lane::main, std::move(question), alarm);
        auto reply = read_answer(host, "read output", std::move(answer), &wsman::read_receive_response);
        if (const auto* output = std::get_if<wsman::ReceivedOutput>(&reply)) {
            if (output->state == wsman::CommandState::done) co_return true;
            co_await host.time.sleep(std::min(deadline, later(asked, least_interval)), alarm);
            continue;
        }
        const auto& failure = std::get<Failure>(reply);
        if (says_gone(failure)) co_return true;
        if (failure.is_fault(wsman::code::operation_timed_out)) {
            co_await host.time.sleep(std::min(deadline, later(asked, least_interval)), alarm);
            continue;
        }
        co_await host.time.sleep(deadline, alarm);  // It cannot be watched, but still has its time.
    }
    co_return false;
}

// What has no content of its own gives something all the same, as every reader does.
Result<bool> read_delete_response(const wsman::Message& message) {
    MULLION_TRY(wsman::read_empty_response(message, wsman::action::remove));
    return true;
}

// True when it has ended.
net::Task<bool> stop_command(Host& host, const ShellState& shell, MonotonicTime deadline) {
    for (const auto code : {wsman::SignalCode::ctrl_c, wsman::SignalCode::terminate}) {
        const auto until = std::min(deadline, later(host.time.now(), signal_patience));
        // The Receive that held the main connection was given up: logging on once is enough for both.
        const auto lane = host.has(Lane::second) ? Lane::second : Lane::main;
        co_await signal(host, lane, shell, code, until);
        const bool ended = co_await has_ended(host, shell, until);
        if (ended) co_return true;
    }
    co_return false;
}

net::Task<std::optional<Error>> remove_shell(Host& host, ShellState& shell, MonotonicTime deadline) {
    Alarm alarm;
    const auto shell_id = shell.shell_id;
    const bool gone = co_await delete_shell(host, shell_id, deadline, alarm);
    shell = ShellState{};
    if (gone) co_return std::nullopt;
    co_return Error(ErrorId::run_shell_left, "shell " + shell_id).at_step("delete shell").on_host(host.name);
}

}  // namespace

net::Task<bool> delete_shell(Host& host, std::string shell_id, MonotonicTime deadline, Alarm& stop) {
    RunPolicy pauses{never};
    int nonsense = 0;
    int refusals = 0;
    while (host.time.now() < deadline && !stop.rung()) {
        auto id = host.new_message_id();
        auto body = wsman::write_delete(host.settings, id, shell_id);
        const auto until = std::min(deadline, later(host.time.now(), answer_patience(host, deadline)));
        Question question{"delete shell", std::move(id), std::move(body), until};
        auto answer = co_await ask(host, Lane::main, std::move(question), stop);
        auto reply = read_answer(host, "delete shell", std::move(answer), &read_delete_response);
        const auto* failure = std::get_if<Failure>(&reply);
        if (failure == nullptr || says_gone(*failure)) co_return true;
        // Deleting twice does no harm, and the second answer tells what became of the first.
        // Rejected credentials tried again could lock the account.
        if (failure->error.id == ErrorId::auth_rejected) co_return false;
        if (failure->fault && ++refusals == most_refusals) co_return false;
        if (is_nonsense(failure->error) && ++nonsense == most_nonsense) co_return false;
        co_await host.time.sleep(std::min(deadline, later(host.time.now(), pauses.pause())), stop);
    }
    co_return false;
}

net::Task<bool> send_ctrl_c(Host& host, ShellState shell) {
    Alarm alarm;
    auto id = host.new_message_id();
    wsman::SendSignal message;
    message.command_id = shell.command_id;
    message.code = wsman::SignalCode::ctrl_c;
    auto body = wsman::write_signal(host.settings, id, shell.shell_id, message);
    Question question{"signal", std::move(id), std::move(body), later(host.time.now(), patience)};
    const auto reply = co_await ask(host, Lane::third, std::move(question), alarm);
    host.drop(Lane::third);
    co_return std::holds_alternative<wsman::Message>(reply);
}

net::Task<std::optional<Error>> clean_up(Host& host, ShellState& shell) {
    if (!shell.may_exist) co_return std::nullopt;
    const auto deadline = deadline_for(host, shell);
    if (shell.may_run) {
        (void)co_await stop_command(host, shell, deadline);
    } else if (shell.ended) {
        // No Receive holds the main connection any more.
        co_await signal(host, Lane::main, shell, wsman::SignalCode::terminate, deadline);
    }
    co_return co_await remove_shell(host, shell, deadline);
}

net::Task<std::optional<Error>> ready_for_next(Host& host, ShellState& shell) {
    if (!shell.may_exist) co_return std::nullopt;
    const auto deadline = deadline_for(host, shell);
    if (shell.may_run) shell.ended = co_await stop_command(host, shell, deadline);
    const bool fit = shell.open && (shell.ended || !shell.may_run);
    if (!fit) co_return co_await remove_shell(host, shell, deadline);
    if (shell.ended) co_await signal(host, Lane::main, shell, wsman::SignalCode::terminate, deadline);
    shell.may_run = shell.ended = false;
    co_return std::nullopt;
}

}  // namespace mullion::client
