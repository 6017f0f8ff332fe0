// Receive: waits for output, and gives as much as one answer holds. [MS-WSMV] 3.1.4.14
#include <boost/asio/post.hpp>

#include <algorithm>

#include "service/shells/shell_faults.h"
#include "service/shells/shell_operation.h"
#include "service/shells/shells.h"

namespace mullion::service {
namespace {

using std::chrono::steady_clock;

// A short command's output, its end and its exit code come within a moment of each other; one answer for all
// of them saves the client a round trip.
constexpr Duration gathering{5};

struct Wanted {
    bool out = false;
    bool err = false;
};

// Names of rsp:DesiredStream; nothing for one that the shell does not have.
std::optional<Wanted> wanted_streams(const std::string& names, const std::string& of_shell) {
    Wanted wanted;
    std::size_t begin = 0;
    const std::string has = " " + of_shell + " ";
    while (begin < names.size()) {
        const auto end = std::min(names.find(' ', begin), names.size());
        const std::string name = names.substr(begin, end - begin);
        begin = end + 1;
        if (name.empty()) continue;
        if (has.find(" " + name + " ") == std::string::npos) return std::nullopt;
        (name == "stdout" ? wanted.out : wanted.err) = true;
    }
    if (!wanted.out && !wanted.err) return std::nullopt;
    return wanted;
}

std::size_t before_base64(std::size_t room) {
    return std::max<std::size_t>(room / 4 * 3, 1);
}

std::size_t buffered(const ShellCommand& command, const Wanted& wanted) {
    return (wanted.out ? command.buffered(OutputStream::standard_output) : 0) +
           (wanted.err ? command.buffered(OutputStream::standard_error) : 0);
}

void take(ShellCommand& command, OutputStream stream, const char* name, std::size_t& room,
          wsman::ReceivedOutput& out) {
    std::string bytes = command.take(stream, room);
    if (bytes.empty()) return;
    room -= bytes.size();
    out.chunks.push_back({name, command.id(), std::move(bytes), false});
}

wsman::ReceivedOutput answer(ShellCommand& command, const Wanted& wanted, std::size_t room) {
    wsman::ReceivedOutput out;
    out.command_id = command.id();
    // Errors first get their share: a flood on stdout must not hide them.
    std::size_t err_room = wanted.err ? room : 0;
    if (wanted.out)
        err_room = std::max(room / 2, room - std::min(room, command.buffered(OutputStream::standard_output)));
    std::size_t out_room = room;
    if (wanted.err) out_room -= std::min(err_room, command.buffered(OutputStream::standard_error));
    if (wanted.out) take(command, OutputStream::standard_output, "stdout", out_room, out);
    if (wanted.err) take(command, OutputStream::standard_error, "stderr", err_room, out);
    if (!command.finished() || buffered(command, wanted) != 0) return out;
    if (wanted.out) out.chunks.push_back({"stdout", command.id(), {}, true});
    if (wanted.err) out.chunks.push_back({"stderr", command.id(), {}, true});
    out.state = wsman::CommandState::done;
    out.exit_code = command.exit_code();
    return out;
}

}  // namespace

void Shells::end_with(const Visit& visit, const std::shared_ptr<ShellCommand>& waited_for) {
    if (!visit.departure) return;
    visit.departure->when([executor = executor_, command = std::weak_ptr<ShellCommand>(waited_for)] {
        boost::asio::post(executor, [command] {
            if (const auto there = command.lock()) there->changed().notify();
        });
    });
}

net::Task<Outcome<wsman::ReceivedOutput>> Shells::receive(Visit visit, std::string shell_id,
                                                          wsman::ReceiveOutput what) {
    auto operation = begin(visit, shell_id);
    if (!operation.ok()) co_return operation.fault();
    const auto shell = operation.value().shell();
    // The command shell itself has no streams. Windows says 87 from its plugin.
    if (what.command_id.empty()) co_return command_shell_fault(wsman::code::invalid_parameter);
    const auto command = shell->command(upper(what.command_id));
    if (!command) co_return command_missing();
    const auto wanted = wanted_streams(what.streams, shell->output_streams);
    if (!wanted) co_return command_shell_fault(wsman::code::invalid_desired_streams);

    // A client whose connection broke asks again on another: the Receive that it left behind must not take
    // the output that the new one is waiting for. It is told that its time is over, and takes nothing.
    const unsigned streams = (wanted->out ? 1U : 0U) | (wanted->err ? 2U : 0U);
    const auto ticket = command->new_receiver(streams);
    end_with(visit, command);
    const std::size_t room = before_base64(visit.room);
    MonotonicTime gather_until = MonotonicTime::max();
    while (!command->closed() && !command->finished()) {
        const auto now = steady_clock::now();
        const std::size_t waiting = buffered(*command, *wanted);
        if (waiting == 0) gather_until = MonotonicTime::max();  // One for other streams was quicker.
        if (waiting != 0 && gather_until == MonotonicTime::max()) gather_until = now + gathering;
        if (waiting >= room || now >= gather_until) break;
        if (now >= visit.deadline || command->receiver(streams) != ticket || visit.gone()) break;
        co_await command->changed().wait_until(std::min(gather_until, visit.deadline));
    }
    if (command->closed()) co_return closed(*shell);
    // What nobody may read any more stays for the next Receive.
    const bool replaced = command->receiver(streams) != ticket || visit.gone();
    if (replaced || (!command->finished() && buffered(*command, *wanted) == 0))
        co_return wsman::make_fault(wsman::code::operation_timed_out);
    co_return answer(*command, *wanted, room);
}

}  // namespace mullion::service
