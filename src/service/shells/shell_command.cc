#include "service/shells/shell_command.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <utility>

#include "encoding/code_page.h"

namespace mullion::service {

using std::chrono::steady_clock;

ShellCommand::ShellCommand(net::Executor executor, std::string id, std::uint32_t code_page,
                           std::unique_ptr<RunningProcess> process, const CommandLimits& limits)
    : executor_(executor),
      id_(std::move(id)),
      code_page_(code_page),
      limits_(limits),
      process_(std::move(process)),
      outputs_{Output{{}, false, false, false, {}, 0, OutputEncoder(code_page)},
               Output{{}, false, false, false, {}, 0, OutputEncoder(code_page)}},
      changed_(std::move(executor)) {}

void ShellCommand::begin() {
    // Each pump holds the command, so it lives until its process is gone, also when its shell no longer does.
    const auto spawn = [this](auto pump) {
        boost::asio::co_spawn(executor_, std::move(pump), boost::asio::detached);
    };
    spawn(pump_output(OutputStream::standard_output));
    spawn(pump_output(OutputStream::standard_error));
    spawn(pump_input());
    spawn(wait_for_exit());
}

net::Task<void> ShellCommand::pump_output(OutputStream stream) {
    const auto self = shared_from_this();
    Output& output = out(stream);
    while (!closed_) {
        // Back-pressure: what nobody asks for stays in the pipe, and the process waits.
        while (output.bytes.size() >= limits_.buffered && !closed_)
            co_await changed_.wait_until(MonotonicTime::max());
        if (closed_) break;
        output.reading = true;
        const std::string chunk = co_await process_->read(stream);
        output.reading = false;
        if (chunk.empty()) break;
        output.last = steady_clock::now();
        if (output.discarded)
            tell_if_taken();
        else
            output.bytes += output.encoder.encode(chunk);
        if (exited()) output.after_exit += chunk.size();
        changed_.notify();
        if (output.after_exit > limits_.after_exit) break;
    }
    output.bytes += output.encoder.finish();
    if (stream == OutputStream::standard_error && !output.discarded) {
        const std::string words = co_await process_->last_words();
        output.bytes += output.encoder.encode(words);
    }
    output.ended = true;
    changed_.notify();
}

net::Task<void> ShellCommand::pump_input() {
    const auto self = shared_from_this();
    while (true) {
        while (!input_waiting_ && !closed_ && !exited()) co_await changed_.wait_until(MonotonicTime::max());
        if (closed_ || exited()) break;
        std::string bytes = std::exchange(input_, {});
        const bool end = input_end_;
        if (!bytes.empty()) {
            const bool taken = co_await process_->write_input(std::move(bytes));
            if (!taken) input_closed_ = true;
        }
        input_waiting_ = false;
        if (end) input_closed_ = true;
        if (input_closed_) break;
        changed_.notify();
    }
    process_->close_input();
    input_waiting_ = false;
    changed_.notify();
}

// A process in the background may hold the pipes for ever after the command itself has ended. What is there
// already is taken; then silence, or a flood, ends the output.
net::Task<void> ShellCommand::wait_for_exit() {
    const auto self = shared_from_this();
    exit_code_ = co_await process_->exit_code();
    changed_.notify();
    process_->close_input();
    MonotonicTime since = steady_clock::now();
    while (!closed_ && !finished()) {
        const MonotonicTime until = since + limits_.grace;
        co_await changed_.wait_until(until);
        if (steady_clock::now() < until) continue;
        if (silent_since(since)) break;
        since = steady_clock::now();
    }
    process_->close_output();
}

bool ShellCommand::silent_since(MonotonicTime when) const {
    return std::all_of(outputs_.begin(), outputs_.end(), [&](const Output& output) {
        return output.ended || (output.reading && output.last < when);
    });
}

void ShellCommand::tell_if_taken() {
    if (std::all_of(outputs_.begin(), outputs_.end(), [](const Output& one) { return one.bytes.empty(); }))
        process_->output_taken();
}

std::string ShellCommand::take(OutputStream stream, std::size_t most) {
    Output& output = out(stream);
    std::string bytes;
    if (output.bytes.size() <= most) {
        bytes = std::exchange(output.bytes, {});
    } else {
        bytes = output.bytes.substr(0, most);
        output.bytes.erase(0, most);
    }
    if (bytes.empty()) return bytes;
    tell_if_taken();
    changed_.notify();
    return bytes;
}

void ShellCommand::offer(std::string bytes, bool end) {
    input_ = code_page_ == code_page_437 ? encoding::cp437_to_utf8(bytes) : std::move(bytes);
    input_size_ = input_.size();
    input_end_ = end;
    input_waiting_ = true;
    changed_.notify();
}

void ShellCommand::close() {
    if (closed_) return;
    closed_ = true;
    process_->send(ProcessSignal::kill);
    process_->close_output();
    changed_.notify();
}

}  // namespace mullion::service
