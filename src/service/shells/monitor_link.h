// The network process's end of the socket to the monitor. Lives on the executor of shells.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/log.h"
#include "net/task.h"
#include "os/file.h"
#include "os/spawn_messages.h"
#include "service/access/turns.h"
#include "service/notifier.h"

namespace mullion::service {

class MonitorLink {
public:
    // Of a new process.
    struct Pipes {
        os::UniqueFd input;  // To write to.
        os::UniqueFd output;
        os::UniqueFd error;
    };
    using Spawned = std::variant<Pipes, os::SpawnFailed>;

    // Takes the socket over. What has not begun within `start_patience` is killed.
    MonitorLink(net::Executor executor, os::UniqueFd socket, Logger& log,
                Duration start_patience = Duration(60'000));
    ~MonitorLink();

    // Starts reading; `lost` is called once when the monitor is gone.
    void begin(std::function<void()> lost);

    // The token of a process that began names it from then on.
    [[nodiscard]] std::uint64_t next_token() { return ++last_token_; }
    // Waits while several of that user are starting: one whose directory hangs, or who stops what starts as
    // him, must not take all the monitor's places.
    [[nodiscard]] net::Task<Spawned> spawn(os::SpawnRequest request);
    // Has PAM asked about a password, few at a time: busy where too many wait. The token is next_token().
    // `taken`: how long PAM took, without the wait for a turn; nothing where it was not asked.
    [[nodiscard]] net::Task<os::LogonEnded> log_on(os::LogonRequest request,
                                                   std::optional<Duration>* taken = nullptr);
    // Waits as somebody does whom PAM is asked about for so long, turns included: who watches the clock sees
    // no difference. False: too many wait.
    [[nodiscard]] net::Task<bool> wait_as_asked(std::string user, std::string address, Duration how_long);
    [[nodiscard]] const net::Executor& executor() const { return executor_; }
    // When it is gone: its status, or 128 + signal. 255 when the monitor is gone.
    [[nodiscard]] net::Task<std::uint32_t> exit_code(std::uint64_t token);
    // Whether a process of its shell was killed for want of memory, once the exit code is known.
    [[nodiscard]] bool over_memory(std::uint64_t token) const;
    void send(std::uint64_t token, os::SignalRequest::What what);
    // Nobody will ask for this process any more: what is left of its group is killed.
    void release(std::uint64_t token);

private:
    struct Process;
    struct Logon;
    class LogonPlace;
    struct LogonCounts;

    net::Task<void> read_loop();
    net::Task<void> write_loop();
    void enqueue(std::string message);
    [[nodiscard]] net::Task<bool> take_logon_turn(std::string name);  // True: end_logon_turn() is owed.
    void end_logon_turn(const std::string& name);
    [[nodiscard]] net::Task<os::LogonEnded> ask(os::LogonRequest request);
    [[nodiscard]] bool receive_one();
    void handle(os::FromMonitor message, std::vector<os::UniqueFd> descriptors);
    void handle(os::LogonEnded ended);
    void without_pipes(std::uint64_t token);
    void lose(std::string_view why);

    net::Executor executor_;
    boost::asio::posix::stream_descriptor socket_;
    Logger& log_;
    const Duration start_patience_;
    std::function<void()> lost_;
    std::uint64_t last_token_ = 0;
    std::map<std::uint64_t, std::shared_ptr<Process>> processes_;
    std::map<std::uint64_t, std::shared_ptr<Logon>> logons_;
    std::shared_ptr<LogonCounts> logon_counts_;
    Turns starts_;          // By Linux user.
    Turns logons_of_name_;  // By name without case,
    Turns logons_at_once_;  // and all together.
    std::deque<std::string> outgoing_;
    Notifier to_write_;
    bool gone_ = false;
};

}  // namespace mullion::service
