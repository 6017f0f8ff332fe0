// What to do when a step of a run fails. Pure: every rule is a row of a test, and nothing else decides to
// repeat.
//
// Repeated are only: connections refused and 503 (while --wait-for lasts), what a closed idle connection
// never carried, fault 170 on Send, a Create whose answer was lost (same ShellId, so there is one shell), a
// Receive (output is asked for, not made), and once the whole shell when its operations are used up, or when
// it was held and is gone, before the command began. A Command never.
#pragma once

#include <optional>

#include "client/ask.h"
#include "core/clock.h"

namespace mullion::client {

enum class Next {
    give_up,        // The failure is the outcome; nothing was started.
    again,          // The same request, after pause().
    use_it,         // Create: the shell is there already, from the request whose answer was lost.
    ask_for_it,     // Command: it may run. Receive tells, by the id that we chose.
    recycle_shell,  // Command: delete the shell, create another, start over.
    unknown,        // It may have run, and nobody can tell any more.
};

enum class NextReceive {
    again,          // Nothing yet, as expected.
    again_damaged,  // After pause(), and some output may be lost.
    unknown,        // What became of the command cannot be known.
};

enum class NextSend {
    again,      // The host is busy: after pause().
    no_reader,  // The command takes no more input. That is its right.
    give_up,
};

class RunPolicy {
public:
    // `wait_until`: how long refused connections and 503 are tried again. `held`: the shell was opened for
    // another command, and may have ended since.
    explicit RunPolicy(MonotonicTime wait_until, bool held = false) : wait_until_(wait_until), held_(held) {}

    [[nodiscard]] Next after_create(const Failure& failure, MonotonicTime now);
    [[nodiscard]] Next after_command(const Failure& failure, MonotonicTime now);
    [[nodiscard]] NextReceive after_receive(const Failure& failure, MonotonicTime now);
    [[nodiscard]] NextSend after_send(const Failure& failure);

    // An answer came: the next trouble is a new one.
    void succeeded();
    // How long to wait before the next try; longer with each.
    [[nodiscard]] Duration pause();

private:
    [[nodiscard]] bool worth_waiting(const Failure& failure, MonotonicTime now);

    MonotonicTime wait_until_;
    unsigned tries_ = 0;  // In the trouble we are in.
    std::optional<MonotonicTime> trouble_since_;
    bool create_repeated_ = false;
    bool held_;
    bool shell_recycled_ = false;
    unsigned nonsense_ = 0;  // Answers one after the other.
};

// True where something answered, and nobody can read it or it belongs to something else: not a WinRM service,
// or not as it was sent. A service that restarts is silent or refuses; this does not come right by waiting.
[[nodiscard]] bool is_nonsense(const Error& error);

// True for the faults that say: that shell or command does not exist (any more).
[[nodiscard]] bool says_gone(const Failure& failure);

}  // namespace mullion::client
