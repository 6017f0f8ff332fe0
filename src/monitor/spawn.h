// From fork to exec. Everything the child does between the two is in spawn.cc, in order.
#pragma once

#include <sys/types.h>

#include "core/result.h"
#include "monitor/group_table.h"
#include "monitor/memory_groups.h"
#include "monitor/policy.h"
#include "monitor/ticket_folders.h"
#include "os/file.h"
#include "os/pam_service.h"
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
    // With PAM: `pid` is the process that opens a session, makes the command (StartReport::pid), and holds
    // the session until this is closed.
    os::UniqueFd door{};
};

// In a PAM session where `pam` is not null. Errors: serve.spawn with `refusal` filled, for what failed in
// this process.
[[nodiscard]] Result<Started> start(const os::SpawnRequest& request, const Person& person, GroupTable& groups,
                                    const TicketFolders& tickets, MemoryGroups& memory,
                                    const os::PamService* pam, Refusal& refusal);

}  // namespace mullion::monitor
