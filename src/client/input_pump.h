// Feeds standard input to a running command while its output flows.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "client/ask.h"
#include "client/shell_state.h"

namespace mullion::client {

// Gives the next chunk, at most so long; an empty one is the end.
using ReadInput = std::function<net::Task<Result<std::string>>(std::size_t at_most)>;

class InputPump {
public:
    // Without `read` the input is empty. `shell` must outlive the pump. `on_failure` is called when the
    // command must not go on without its input.
    InputPump(Host& host, const ShellState& shell, ReadInput read, MonotonicTime deadline,
              std::function<void()> on_failure);

    // Until the input has ended, the command takes no more, something failed, or stop().
    [[nodiscard]] net::Task<void> run();
    void stop() { over_.ring(); }
    [[nodiscard]] Alarm& finished() { return finished_; }
    // Why the input could not be fed: run.input.
    [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

private:
    [[nodiscard]] net::Task<void> feed();
    // Whether more is wanted.
    [[nodiscard]] net::Task<bool> send(std::string bytes, bool end);

    Host& host_;
    const ShellState& shell_;
    ReadInput read_;
    MonotonicTime deadline_;
    std::function<void()> on_failure_;
    Alarm over_;
    Alarm finished_;
    std::optional<Error> failure_;
};

}  // namespace mullion::client
