// Messages of the network process in, messages to it out. Blocks on neither.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/log.h"
#include "core/result.h"
#include "monitor/children.h"
#include "monitor/group_table.h"
#include "monitor/memory_groups.h"
#include "monitor/policy.h"
#include "monitor/ticket_folders.h"
#include "os/file.h"
#include "os/spawn_messages.h"

namespace mullion::monitor {

class Loop {
public:
    // `socket` and `signals` (SIGCHLD, SIGTERM) are non-blocking.
    Loop(int socket, int signals, Policy policy, GroupTable& groups, const TicketFolders& tickets,
         MemoryGroups& memory, Logger& log)
        : socket_(socket),
          signals_(signals),
          policy_(std::move(policy)),
          groups_(groups),
          tickets_(tickets),
          memory_(memory),
          log_(log) {}

    // Until the network process is gone, SIGTERM comes, or a message breaks the rules. All processes have
    // been killed when it returns. Errors: serve.monitor for broken rules.
    [[nodiscard]] Result<void> run();

private:
    struct Outgoing {
        std::string bytes;
        Pipes pipes;  // Handed over with Spawned; closed here once sent.
    };

    [[nodiscard]] Result<bool> turn();  // False: time to end.
    [[nodiscard]] Result<bool> read_messages();
    [[nodiscard]] Result<void> handle(const os::ToMonitor& message);
    [[nodiscard]] Result<void> spawn(const os::SpawnRequest& request);
    void tell_started(const std::vector<std::uint64_t>& readable);
    void tell_ended();
    void tell(const os::FromMonitor& message, Pipes pipes = {});
    [[nodiscard]] Result<bool> write_messages();  // False: time to end.
    [[nodiscard]] bool has_room() const;

    int socket_;
    int signals_;
    Policy policy_;
    GroupTable& groups_;
    const TicketFolders& tickets_;
    MemoryGroups& memory_;
    Logger& log_;
    Children children_;
    std::deque<Outgoing> outgoing_;
};

}  // namespace mullion::monitor
