// The conversation that runs one command: create a shell, start the command, read its output. What to do when
// a step fails is RunPolicy's; ending what is left is clean_up()'s.
#pragma once

#include <optional>

#include "client/client.h"
#include "client/hints.h"
#include "client/input_pump.h"
#include "client/run_policy.h"
#include "client/shell_state.h"
#include "wsman/shell.h"

namespace mullion::client {

class CommandRun {
public:
    // All that is referred to must outlive it. The time of `options` counts from `started`. `stop` ends the
    // run with run.interrupted. A `shell` that is open is used; what is left on the host is in it afterwards.
    CommandRun(Host& host, const RunOptions& options, OutputSink& sink, ReadInput read_input,
               MonotonicTime started, Alarm& stop, ShellState& shell);

    [[nodiscard]] net::Task<RunOutcome> converse();

private:
    enum class Started { yes, recycle, no };

    [[nodiscard]] net::Task<void> create_shell();  // shell_.open when it worked.
    [[nodiscard]] net::Task<Started> start_command();
    [[nodiscard]] net::Task<void> drop_shell();
    [[nodiscard]] net::Task<void> read_output();
    [[nodiscard]] net::Task<void> run_command();
    [[nodiscard]] net::Task<void> pause();
    [[nodiscard]] net::Task<void> await_sink();
    // Before the next Receive, when the last ones came back at once and with nothing.
    [[nodiscard]] net::Task<void> rest();
    // An answer about another command, or of a stream that nobody asked for.
    [[nodiscard]] std::optional<Error> foreign(const wsman::ReceivedOutput& output) const;
    // Input that failed ends whatever the run is waiting for.
    void input_failed();

    // What one Receive came to; whether to go on.
    [[nodiscard]] bool take(const wsman::ReceivedOutput& output);
    [[nodiscard]] net::Task<bool> survive(const Failure& failure);

    void end(const Failure& failure) { error_ = failure.error; }
    void end_unknown(const Error& cause);
    void end_overdue(std::string_view step);
    [[nodiscard]] bool overdue() const { return host_.time.now() >= deadline_; }
    [[nodiscard]] RunOutcome outcome() const;
    [[nodiscard]] std::vector<ErrorId> hints(const RunOutcome& outcome) const;
    [[nodiscard]] Question question(std::string_view step, std::string id, std::string body) const;

    Host& host_;
    const RunOptions& options_;
    OutputSink& sink_;
    MonotonicTime started_;
    MonotonicTime deadline_;
    Alarm& stop_;
    RunPolicy policy_;
    ReadInput read_input_;
    InputPump* pump_ = nullptr;  // While the command runs.
    Alarm* gate_ = nullptr;      // While the sink has enough.
    ShellState& shell_;
    unsigned round_trips_before_;
    bool began_ = false;      // The Command may have reached the host.
    bool confirmed_ = false;  // The host has said that it knows the command.
    bool damaged_ = false;    // An answer with output may have been lost.
    unsigned idle_ = 0;       // Answers to Receive, one after the other, that came at once and with nothing.
    std::optional<Error> trouble_;  // What the last Create or Receive came to, when that was no answer.
    std::optional<Error> lost_;     // What Command came to, when that was no answer.
    Tail output_, errors_;          // What was printed last.
    std::optional<std::uint32_t> exit_code_;
    std::optional<Error> error_;
};

}  // namespace mullion::client
