// The processes that were started, by the token that the network process chose.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "monitor/spawn.h"
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
};

class Children {
public:
    [[nodiscard]] bool has(std::uint64_t token) const { return by_token_.contains(token); }
    [[nodiscard]] std::size_t count() const { return by_token_.size(); }
    [[nodiscard]] std::size_t starting() const { return starting_; }
    void add(std::uint64_t token, Started started);

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

    // To the process group, while its leader is there at all.
    void signal(std::uint64_t token, int number);
    // Kills what is left of the group and forgets the token.
    void release(std::uint64_t token);
    // Those that have ended since the last call and whose end is to be told.
    [[nodiscard]] std::vector<os::Exited> collect_ended();
    // Kills everything, and waits for it up to a little while.
    void end_all();

private:
    std::map<std::uint64_t, Child> by_token_;
    std::size_t starting_ = 0;
};

}  // namespace mullion::monitor
