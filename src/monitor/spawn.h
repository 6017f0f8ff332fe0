// From fork to exec. Everything the child does between the two is in spawn.cc, in order.
#pragma once

#include <sys/types.h>

#include "core/result.h"
#include "monitor/group_table.h"
#include "monitor/memory_groups.h"
#include "monitor/policy.h"
#include "monitor/ticket_folders.h"
#include "os/file.h"
#include "os/spawn_messages.h"

namespace mullion::monitor {

// The network process's ends of the three pipes.
struct Pipes {
    os::UniqueFd input;   // To write to.
    os::UniqueFd output;  // To read from.
    os::UniqueFd error;
};

struct Started {
    pid_t pid = -1;
    Pipes pipes;
    // Ends when the command runs; before that, a StartReport when it could not be started.
    os::UniqueFd report;
    GroupTable::Slot group;                 // Where the child enters its group.
    TicketFolder tickets{};                 // What it may have made, where a ticket was forwarded.
    std::shared_ptr<MemoryGroup> memory{};  // Its shell's; null where that has no limit, or no group.
};

// What a child that could not become the command writes into its report pipe: less than PIPE_BUF, so whole.
struct StartReport {
    int error = 0;
    char step[32] = {};
};

// Errors: serve.spawn with `refusal` filled, for what failed in this process.
[[nodiscard]] Result<Started> start(const os::SpawnRequest& request, const Person& person, GroupTable& groups,
                                    const TicketFolders& tickets, MemoryGroups& memory, Refusal& refusal);

}  // namespace mullion::monitor
