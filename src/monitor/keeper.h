// The monitor's parent, and its last will: when the monitor is gone, however it went, no process of a
// command's group is left (ADR 0012), no ticket in a file and no control group. It reads nothing and decides
// nothing.
#pragma once

#include <sys/types.h>

#include <optional>

#include "core/result.h"
#include "monitor/group_table.h"
#include "monitor/memory_groups.h"
#include "monitor/ticket_folders.h"

namespace mullion::monitor {

// Parts into two processes. In the monitor (the child) there is no value, and the caller goes on; SIGTERM
// comes when the keeper is killed. In the keeper it returns once the monitor and all groups are gone, with
// the status to exit with: the monitor's own, or 128 + the signal that ended it. SIGTERM is passed on to the
// monitor. `socket` is the monitor's alone, so that its other end sees at once when the monitor ends. Errors:
// serve.monitor
[[nodiscard]] Result<std::optional<int>> part(const GroupTable& groups, const TicketFolders& tickets,
                                              const MemoryGroups& memory, int socket);

// Kills the groups, and waits for their leaders (this process's children) up to a little while.
void end_groups(const GroupTable& groups);

}  // namespace mullion::monitor
