#include "client/command_run.h"

#include <fmt/core.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <exception>

#include "client/cleanup.h"
#include "client/in_doubt.h"
#include "client/sink_gate.h"
#include "core/secret.h"
#include "wsman/fault.h"
#include "wsman/values.h"

namespace mullion::client {
namespace {

constexpr std::string_view creating = "create shell";
constexpr std::string_view starting = "start command";
constexpr std::string_view reading = "read output";

// A host that says at once that there is nothing yet is not asked as fast as it can answer. Windows holds a
// Receive until there is output, or until the operation's time is over.
constexpr Duration quick{50};
constexpr Duration first_rest{5};
constexpr Duration longest_rest{1'000};

// XML carries neither every character nor bytes that are not UTF-8, and a command that arrives as another one
// is worse than none.
std::optional<Error> unspeakable(const RunOptions& options) {
    const auto check = [](std::string_view what, std::string_view text) -> std::optional<Error> {
        const auto at = wsman::find_unsendable(text);
        if (at == std::string_view::npos) return std::nullopt;
        return Error(ErrorId::usage_invalid,
                     fmt::format("{}: byte {:#04x} at {} cannot be sent: WinRM takes UTF-8 without control "
                                 "characters",
                                 what, static_cast<unsigned char>(text[at]), at));
    };
    if (auto error = check("the command", options.command)) return error;
    if (auto error = check("the working directory", options.working_directory)) return error;
    for (const auto& [name, value] : options.environment) {
        if (auto error = check("the environment", name)) return error;
        if (auto error = check("the environment", value)) return error;
    }
    if (!options.secret_environment) return std::nullopt;
    for (const auto& [name, value] : *options.secret_environment) {
        if (auto error = check("the environment", name)) return error;
        // Neither which byte nor where: it is a secret's.
        if (wsman::find_unsendable(value.expose()) != std::string_view::npos)
            return Error(
                ErrorId::usage_invalid,
                fmt::format("the secret for the variable {} cannot be sent: WinRM takes UTF-8 without "
                            "control characters",
                            name));
    }
    return std::nullopt;
}

// The message that opens a shell; its copies of secret values are gone when it is written.
std::string create_message(const wsman::RequestSettings& settings, std::string_view id,
                           wsman::CreateShell create, const SecretVariables* secrets) {
    if (secrets == nullptr) return wsman::write_create(settings, id, create);
    const auto plain = create.environment.size();
    create.environment.reserve(plain + secrets->size());  // Growing would move short ones, and leave copies.
    for (const auto& [name, value] : *secrets) create.environment.emplace_back(name, value.expose());
    auto message = wsman::write_create(settings, id, create);
    for (auto at = plain; at < create.environment.size(); ++at) wipe(create.environment[at].second);
    return message;
}

// An error without its host and step.
MonotonicTime deadline_of(const RunOptions& options, MonotonicTime started) {
    return options.timeout ? later(started, *options.timeout) : never;
}

MonotonicTime wait_until(const RunOptions& options, MonotonicTime started) {
    return options.wait_for ? later(started, *options.wait_for) : started;
}

}  // namespace

CommandRun::CommandRun(Host& host, const RunOptions& options, OutputSink& sink, ReadInput read_input,
                       MonotonicTime started, Alarm& stop, ShellState& shell)
    : host_(host),
      options_(options),
      sink_(sink),
      started_(started),
      deadline_(deadline_of(options, started)),
      stop_(stop),
      policy_(wait_until(options, started), shell.open),
      read_input_(std::move(read_input)),
      shell_(shell),
      round_trips_before_(host.round_trips) {}

net::Task<RunOutcome> CommandRun::converse() {
    error_ = unspeakable(options_);
    while (!error_) {
        if (!shell_.open) co_await create_shell();
        if (!shell_.open) break;
        const auto started = co_await start_command();
        if (started == Started::yes) co_await run_command();
        if (started != Started::recycle) break;
        co_await drop_shell();
    }
    co_return outcome();
}

// [MS-WSMV] 3.1.4.5.1. The id is ours, so that a repeated Create cannot make a second shell.
net::Task<void> CommandRun::create_shell() {
    wsman::CreateShell create;
    create.shell_id = new_guid(host_.random);
    create.environment = options_.environment;
    create.working_directory = options_.working_directory;
    create.no_profile = options_.no_profile;
    create.code_page = options_.code_page;
    shell_ = ShellState{};
    shell_.shell_id = create.shell_id;
    for (;;) {
        auto id = host_.new_message_id();
        auto body = create_message(host_.settings, id, create, options_.secret_environment.get());
        auto asked = question(creating, std::move(id), std::move(body));
        const auto began = host_.time.now();
        auto answer = co_await ask(host_, Lane::main, std::move(asked), stop_);
        auto reply = read_answer(host_, creating, std::move(answer), &wsman::read_create_response);
        if (const auto* created = std::get_if<wsman::ShellCreated>(&reply)) {
            shell_.may_exist = shell_.open = true;
            host_.slowest_answer = std::chrono::duration_cast<Duration>(host_.time.now() - began);
            shell_.shell_id = created->shell_id;  // Old stacks choose their own.
            policy_.succeeded();
            trouble_.reset();
            co_return;
        }
        const auto& failure = std::get<Failure>(reply);
        if (failure.lost() || failure.is_fault(wsman::code::operation_timed_out)) shell_.may_exist = true;
        const auto next = policy_.after_create(failure, host_.time.now());
        if (next == Next::use_it) {
            shell_.may_exist = shell_.open = true;
            trouble_.reset();
            co_return;
        }
        if (next != Next::again || stop_.rung() || overdue()) {
            end(failure);
            if (overdue()) end_overdue(creating);
            co_return;
        }
        trouble_ = failure.error;
        co_await pause();
    }
}

// [MS-WSMV] 3.1.4.11. Sent at most once to each shell that can have taken it.
net::Task<CommandRun::Started> CommandRun::start_command() {
    wsman::RunCommand command;
    command.command_id = new_guid(host_.random);
    command.command = options_.command;
    command.console_mode_stdin = options_.input == nullptr;
    command.skip_cmd_shell = false;
    shell_.command_id = command.command_id;
    for (;;) {
        auto id = host_.new_message_id();
        auto body = wsman::write_command(host_.settings, id, shell_.shell_id, command);
        auto asked = question(starting, std::move(id), std::move(body));
        const auto began = host_.time.now();
        auto answer = co_await ask(host_, Lane::main, std::move(asked), stop_);
        auto reply = read_answer(host_, starting, std::move(answer), &wsman::read_command_response);
        if (const auto* command_id = std::get_if<std::string>(&reply)) {
            shell_.command_id = *command_id;
            shell_.may_run = began_ = confirmed_ = true;
            host_.answer_time = std::chrono::duration_cast<Duration>(host_.time.now() - began);
            host_.slowest_answer = std::max(host_.slowest_answer, host_.answer_time);
            policy_.succeeded();
            co_return Started::yes;
        }
        const auto& failure = std::get<Failure>(reply);
        const auto next = policy_.after_command(failure, host_.time.now());
        if (next == Next::ask_for_it || next == Next::unknown) shell_.may_run = began_ = true;
        if (next == Next::ask_for_it) lost_ = failure.error;
        if (stop_.rung() || overdue()) {
            end(failure);
            if (overdue()) end_overdue(starting);
            co_return Started::no;
        }
        if (next == Next::ask_for_it) co_return Started::yes;
        if (next == Next::recycle_shell) {
            if (says_gone(failure)) shell_.may_exist = false;
            co_return Started::recycle;
        }
        if (next == Next::unknown) {
            end_unknown(failure.error);
            co_return Started::no;
        }
        if (next == Next::give_up) {
            end(failure);
            co_return Started::no;
        }
        co_await pause();
    }
}

net::Task<void> CommandRun::drop_shell() {
    const auto shell = std::exchange(shell_, {});
    if (!shell.may_exist) co_return;
    const auto deadline = std::min(deadline_, later(host_.time.now(), Duration(10'000)));
    // A shell that does not go away is the host's to end by its idle timeout; the command has not begun.
    (void)co_await delete_shell(host_, shell.shell_id, deadline, stop_);
}

net::Task<void> CommandRun::run_command() {
    InputPump pump(host_, shell_, read_input_, deadline_, [this] { input_failed(); });
    pump_ = &pump;
    boost::asio::co_spawn(host_.executor, pump.run(), boost::asio::detached);
    std::exception_ptr trouble;
    try {
        co_await read_output();
    } catch (...) {  // NOLINT: thrown again below
        trouble = std::current_exception();
    }
    pump.stop();
    if (options_.input != nullptr) options_.input->cancel();
    // It refers to this frame and to the caller's input: neither may go before it has ended.
    Alarm none;
    co_await host_.time.sleep(never, pump.finished(), none);
    pump_ = nullptr;
    if (trouble) std::rethrow_exception(trouble);
}

// [MS-WSMV] 3.1.4.14. The next Receive leaves only after the sink has taken the last one's output,
// and is ready for more.
net::Task<void> CommandRun::read_output() {
    for (;;) {
        auto id = host_.new_message_id();
        wsman::ReceiveOutput receive;
        receive.command_id = shell_.command_id;
        auto body = wsman::write_receive(host_.settings, id, shell_.shell_id, receive);
        auto asked = question(reading, std::move(id), std::move(body));
        const auto asked_at = host_.time.now();
        const auto link = host_.link(Lane::main);
        auto answer = co_await ask(host_, Lane::main, std::move(asked), stop_);
        if (link->repeated()) damaged_ = true;  // The first answer may have been taken away on the way.
        auto reply = read_answer(host_, reading, std::move(answer), &wsman::read_receive_response);
        if (const auto* output = std::get_if<wsman::ReceivedOutput>(&reply)) {
            if (auto error = foreign(*output)) {
                host_.drop(Lane::main);
                reply = Failure{told(host_, reading, std::move(*error)), true, false, std::nullopt};
            }
        }
        bool go_on = false;
        bool brought = false;
        if (const auto* output = std::get_if<wsman::ReceivedOutput>(&reply)) {
            brought = !output->chunks.empty();
            go_on = take(*output);
            if (go_on && brought) co_await await_sink();
        } else {
            go_on = co_await survive(std::get<Failure>(reply));
        }
        if (!go_on) co_return;
        const bool at_once = host_.time.now() - asked_at < quick;
        idle_ = at_once && !brought ? idle_ + 1 : 0;
        co_await rest();
        // Not before: input that nobody reads any more is no failure of a command that ended.
        if (pump_->failure()) {
            error_ = pump_->failure();
            co_return;
        }
        if (overdue()) {
            end_overdue(reading);
            co_return;
        }
    }
}

std::optional<Error> CommandRun::foreign(const wsman::ReceivedOutput& output) const {
    const auto other = [this](const std::string& id) {
        return !id.empty() && !wsman::same_ignoring_case(id, shell_.command_id);
    };
    const auto mismatch = [](const std::string& id) {
        return Error(ErrorId::wsman_mismatch, "it speaks of another command: " + id);
    };
    if (other(output.command_id)) return mismatch(output.command_id);
    for (const auto& chunk : output.chunks) {
        if (other(chunk.command_id)) return mismatch(chunk.command_id);
        if (chunk.stream != "stdout" && chunk.stream != "stderr")
            return Error(ErrorId::wsman_malformed, "a stream that was not asked for: " + chunk.stream);
    }
    return std::nullopt;
}

net::Task<void> CommandRun::rest() {
    if (idle_ < 3) co_return;
    const auto pause = std::min(longest_rest, first_rest * (1U << std::min(idle_ - 3, 10U)));
    co_await host_.time.sleep(std::min(deadline_, later(host_.time.now(), pause)), stop_);
}

bool CommandRun::take(const wsman::ReceivedOutput& output) {
    policy_.succeeded();
    trouble_.reset();
    confirmed_ = true;
    for (const auto& chunk : output.chunks) {
        if (chunk.bytes.empty()) continue;
        const bool error = chunk.stream == "stderr";
        (error ? errors_ : output_).add(chunk.bytes);
        sink_.on_output(error ? Stream::standard_error : Stream::standard_output, chunk.bytes);
    }
    if (output.state != wsman::CommandState::done) return true;
    exit_code_ = output.exit_code;
    shell_.may_run = false;
    shell_.ended = true;
    return false;
}

net::Task<bool> CommandRun::survive(const Failure& failure) {
    if (stop_.rung()) {
        end(failure);
        co_return false;
    }
    if (overdue()) {
        end_overdue(reading);
        co_return false;
    }
    if (pump_->failure() && !failure.fault) co_return true;  // It was the pump that ended the Receive.
    const auto next = policy_.after_receive(failure, host_.time.now());
    if (next == NextReceive::again) co_return true;
    if (next == NextReceive::unknown) {
        if (says_gone(failure)) shell_.may_run = false;
        end_unknown(failure.error);
        co_return false;
    }
    damaged_ = true;
    trouble_ = failure.error;
    co_await pause();
    co_return true;
}

net::Task<void> CommandRun::pause() {
    const auto until = std::min(deadline_, later(host_.time.now(), policy_.pause()));
    co_await host_.time.sleep(until, stop_);
}

net::Task<void> CommandRun::await_sink() {
    const auto gate = std::make_shared<SinkGate>(host_.executor);
    const bool ready = sink_.ready(gate->opener());
    if (!ready) {
        gate_ = &gate->opened();
        co_await host_.time.sleep(deadline_, gate->opened(), stop_);
        gate_ = nullptr;
    }
    gate->abandon();
}

void CommandRun::input_failed() {
    host_.drop(Lane::main);
    if (gate_ != nullptr) gate_->ring();
}

void CommandRun::end_unknown(const Error& cause) {
    error_ = cause;
    if (confirmed_ && cause.info().status == Status::unknown) return;  // It says exactly what happened.
    error_->id = ErrorId::run_unknown;
    error_->detail = in_words(cause);
    if (lost_ && !confirmed_)
        error_->detail = fmt::format("its start was not answered ({}), and asked for its output: {}",
                                     in_words(*lost_), error_->detail);
}

void CommandRun::end_overdue(std::string_view step) {
    const auto seconds = options_.timeout->count() / 1000.0;
    // Without a sign of life from it, nobody knows whether the command began.
    if (shell_.may_run && !confirmed_) {
        error_ = Error(ErrorId::run_unknown, fmt::format("the host did not say within {} s", seconds));
        if (lost_) error_->detail += fmt::format("; its start was not answered ({})", in_words(*lost_));
    } else {
        const auto* const what = began_ ? "the command was told to stop" : "the command was not started";
        error_ = Error(ErrorId::run_timeout, fmt::format("{} s; {}", seconds, what));
    }
    if (trouble_) error_->detail += "; last of all: " + in_words(*trouble_);
    (void)std::move(*error_).at_step(step).on_host(host_.name);  // Sets them in place.
}

Question CommandRun::question(std::string_view step, std::string id, std::string body) const {
    return Question{step, std::move(id), std::move(body), deadline_};
}

RunOutcome CommandRun::outcome() const {
    RunOutcome outcome;
    outcome.exit_code = exit_code_;
    outcome.error = error_;
    outcome.duration = std::chrono::duration_cast<Duration>(host_.time.now() - started_);
    outcome.round_trips = host_.round_trips - round_trips_before_;
    if (exit_code_) {
        outcome.error.reset();
        outcome.status = *exit_code_ == 0 ? Status::ok : Status::failed;
        outcome.output_complete = !damaged_;
    } else if (stop_.rung()) {
        const auto* const what = began_ ? "the command was told to stop" : "the command was not started";
        outcome.error = Error(ErrorId::run_interrupted, what).on_host(host_.name);
        outcome.status = began_ ? Status::unknown : Status::not_started;
        outcome.output_complete = !began_;
    } else {
        outcome.status = error_->info().status;
        // An answer to Create that nobody can read leaves a shell in doubt, but no command.
        if (!began_ && outcome.status == Status::unknown) outcome.status = Status::unreachable;
        outcome.output_complete = !began_;
    }
    if (exit_code_ && damaged_)
        outcome.warnings.push_back(
            Error(ErrorId::run_output_incomplete, "").at_step(reading).on_host(host_.name));
    outcome.hints = hints(outcome);
    return outcome;
}

// Of a command that ended, or that the host's own fault ended.
std::vector<ErrorId> CommandRun::hints(const RunOutcome& outcome) const {
    const bool fault = outcome.error && outcome.error->wsman_code;
    if (!exit_code_ && !fault) return {};
    return hints_of({exit_code_, options_.command, output_.text(), errors_.text(),
                     outcome.error ? &*outcome.error : nullptr});
}

}  // namespace mullion::client
