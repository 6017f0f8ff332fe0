// What the child that becomes a command says to the monitor before it does: through a pipe that its exec
// closes.
#pragma once

#include <sys/types.h>

namespace mullion::monitor {

inline constexpr int report_descriptor = 3;

// Less than PIPE_BUF, so whole. With a pid: who wrote it is the command, and was made by the process that
// holds its PAM session. Without: it could not be started.
struct StartReport {
    int error = 0;
    pid_t pid = 0;
    char step[32] = {};
    char detail[160] = {};  // For the log.
};

// Says that it is this process. Async-signal-safe.
void report_self() noexcept;
// With errno. Async-signal-safe.
[[noreturn]] void give_up(const char* step, const char* detail = "") noexcept;

}  // namespace mullion::monitor
