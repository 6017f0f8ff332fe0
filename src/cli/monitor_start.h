// Starts the monitor, before this process gives up its rights.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "os/file.h"
#include "os/pam_service.h"

namespace mullion::cli {

struct StartedMonitor {
    pid_t pid = -1;
    os::UniqueFd socket;  // Our end.
};

// mullion-monitor with its end of the socket as descriptor 3. Errors: serve.monitor, usage.file
[[nodiscard]] Result<StartedMonitor> start_monitor(const std::string& state_directory,
                                                   const std::optional<os::PamService>& pam);

// Waits until it has ended, which it does when our end of the socket is closed; gives up after that time.
void wait_for_monitor(pid_t pid, Duration patience);

}  // namespace mullion::cli
