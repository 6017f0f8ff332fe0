// One command of a shell: its process, what it has put out and not yet been asked for, and what still has to
// go in. Lives on the executor of shells and is kept alive by its own pumps until the process is gone.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "core/clock.h"
#include "service/notifier.h"
#include "service/shells/command_backend.h"
#include "service/shells/output_encoder.h"

namespace mullion::service {

struct CommandLimits {
    std::size_t buffered = 256 * 1024;     // Output of one stream; over it the pipe is not read.
    std::size_t after_exit = 1024 * 1024;  // Output taken from what the process left behind.
    Duration grace{250};                   // Silence after the exit that ends the output.
};

class ShellCommand : public std::enable_shared_from_this<ShellCommand> {
public:
    ShellCommand(net::Executor executor, std::string id, std::uint32_t code_page,
                 std::unique_ptr<RunningProcess> process, const CommandLimits& limits = {});

    // Before begin(): what the command puts out there is read and dropped, so that it does not block on it.
    void discard(OutputStream stream) { out(stream).discarded = true; }
    // Starts reading, writing and waiting.
    void begin();

    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] bool exited() const { return exit_code_.has_value(); }
    // Exited, and its output is complete.
    [[nodiscard]] bool finished() const {
        return exited() && ended(OutputStream::standard_output) && ended(OutputStream::standard_error);
    }
    [[nodiscard]] std::optional<std::uint32_t> exit_code() const { return exit_code_; }
    [[nodiscard]] std::size_t buffered(OutputStream stream) const { return out(stream).bytes.size(); }
    [[nodiscard]] bool ended(OutputStream stream) const { return out(stream).ended; }
    [[nodiscard]] std::string take(OutputStream stream, std::size_t most);

    // Of several Receives for the same streams (a mask of two bits) only the newest is answered with output.
    [[nodiscard]] std::uint64_t new_receiver(unsigned streams) {
        changed_.notify();  // The one before has to go.
        return ++receivers_.at(streams);
    }
    [[nodiscard]] std::uint64_t receiver(unsigned streams) const { return receivers_.at(streams); }

    // True when no earlier input waits; then offer() takes one more message of it.
    [[nodiscard]] bool input_free() const { return !input_waiting_; }
    [[nodiscard]] bool input_closed() const { return input_closed_ || exited(); }
    void offer(std::string bytes, bool end);
    // Bytes that wait here: output to be asked for, input to be read.
    [[nodiscard]] std::size_t held() const {
        return buffered(OutputStream::standard_output) + buffered(OutputStream::standard_error) +
               (input_waiting_ ? input_size_ : 0);
    }

    void send(ProcessSignal signal) { process_->send(signal); }
    // Kills the group and ends the output; whoever waits finds closed().
    void close();
    [[nodiscard]] bool closed() const { return closed_; }

    // Wakes whenever any of the above may have changed.
    [[nodiscard]] Notifier& changed() { return changed_; }

private:
    struct Output {
        std::string bytes;
        bool ended = false;
        bool discarded = false;
        bool reading = false;  // Waits for the process, not for room.
        MonotonicTime last{};  // When bytes came last.
        std::size_t after_exit = 0;
        OutputEncoder encoder;
    };
    [[nodiscard]] Output& out(OutputStream stream) { return outputs_[static_cast<std::size_t>(stream)]; }
    [[nodiscard]] const Output& out(OutputStream stream) const {
        return outputs_[static_cast<std::size_t>(stream)];
    }

    net::Task<void> pump_output(OutputStream stream);
    net::Task<void> pump_input();
    net::Task<void> wait_for_exit();
    [[nodiscard]] bool silent_since(MonotonicTime when) const;
    void tell_if_taken();

    net::Executor executor_;
    std::string id_;
    std::uint32_t code_page_;
    CommandLimits limits_;
    std::unique_ptr<RunningProcess> process_;
    std::array<Output, 2> outputs_;
    std::optional<std::uint32_t> exit_code_;
    std::string input_;
    std::size_t input_size_ = 0;  // Of the message that waits, also while it is being written.
    bool input_waiting_ = false;
    bool input_end_ = false;
    bool input_closed_ = false;
    bool closed_ = false;
    std::array<std::uint64_t, 4> receivers_{};  // How many came, by their streams.
    Notifier changed_;
};

}  // namespace mullion::service
