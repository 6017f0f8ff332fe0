// The processes that were started, by the token that the network process chose.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "monitor/spawn.h"
#include "monitor/start_report.h"
#include "os/spawn_messages.h"

namespace mullion::monitor {

struct Child {
    // starting: forked, not yet the command. ended: a zombie, kept so that its group's id stays taken.
    enum class State { starting, running, ended } state = State::starting;
    pid_t pid = -1;
    Pipes pipes;          // Until they are handed over.
    os::UniqueFd report;  // While starting.
    GroupTable::Slot group;
    TicketFolder tickets;  // Goes with it.
    std::shared_ptr<MemoryGroup> memory;
    std::uint64_t kills_before = 0;  // In that group, when it began.
    bool released = false;           // Killed and forgotten by the network process; goes when it has ended.
    // With a PAM session. opening: `pid` is still the process that opens it.
    bool opening = false;
    bool unwanted = false;  // To be killed while it was opening: the command must not begin.
    bool given_up = false;  // The modules have had their time.
    MonotonicTime open_until{};
    std::string user;
    pid_t holder = -1;  // Of the session, once the command is there.
    os::UniqueFd door;
};

class Children {
public:
    [[nodiscard]] bool has(std::uint64_t token) const { return by_token_.contains(token); }
    [[nodiscard]] std::size_t count() const { return by_token_.size(); }
    [[nodiscard]] std::size_t starting() const { return starting_; }
    // `session`: of whom a PAM session is being opened; null without PAM.
    struct Session {
        std::string user;
        Duration patience{};
    };
    void add(std::uint64_t token, Started started, const Session* session = nullptr, MonotonicTime now = {});

    // Calls for every child whose start is not decided, with the descriptor to poll.
    void each_starting(const std::function<void(std::uint64_t, int)>& visit) const;
    // The report pipe of one can be read. Gives what to tell; nothing to tell for a released one.
    struct Decided {
        bool failed = false;
        StartReport report;
        Child* child = nullptr;  // Null when it is gone.
    };
    [[nodiscard]] std::vector<std::pair<std::uint64_t, Decided>> decide(
        const std::vector<std::uint64_t>& readable);

    // The same of those whose modules have not opened a session in time: they are killed.
    [[nodiscard]] std::vector<std::pair<std::uint64_t, Decided>> give_up_opening(MonotonicTime now);
    // Sessions that are being closed: reaps those that are, kills those whose time is over, and gives a line
    // for the log of each that did not go well.
    [[nodiscard]] std::vector<std::string> look_after_sessions(MonotonicTime now);
    [[nodiscard]] std::size_t closing() const { return closing_.size(); }
    // When one of the two has something to do, whether or not a process ends.
    [[nodiscard]] std::optional<MonotonicTime> next_deadline() const;

    // To the process group, while its leader is there at all.
    void signal(std::uint64_t token, int number);
    // Kills what is left of the group and forgets the token.
    void release(std::uint64_t token);
    // Those that have ended since the last call and whose end is to be told.
    [[nodiscard]] std::vector<os::Exited> collect_ended();
    // Kills everything, and waits for it up to a little while: also for sessions that are being opened, which
    // are closed then. Gives lines for the log, as look_after_sessions().
    std::vector<std::string> end_all();

private:
    struct Holder {
        pid_t pid = -1;
        std::string user;
        MonotonicTime until{};
        bool killed = false;
    };
    [[nodiscard]] static bool learns_its_pid(Child& child, const StartReport& report);
    void close_session(Child& child);
    static void call_off(Child& child);
    void may_be_open(const Child& child);

    std::map<std::uint64_t, Child> by_token_;
    std::size_t starting_ = 0;
    std::vector<Holder> closing_;
    Duration patience_{};             // With PAM.
    std::vector<std::string> lines_;  // For the log.
};

}  // namespace mullion::monitor
