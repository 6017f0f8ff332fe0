// Ends what a run left on the host, after its result is known.
#pragma once

#include <optional>

#include "client/ask.h"
#include "client/shell_state.h"

namespace mullion::client {

// A command that may still run is told to stop: ctrl_c, 2 s, terminate, 2 s. One that has ended is signalled
// terminate: Windows frees its place only for that. Then the shell is deleted, and `shell` is what it was
// before the first command. Takes at most 10 s, or the read timeout after a command that has ended. The
// warning run.shell_left_open when nobody confirmed that it is gone.
[[nodiscard]] net::Task<std::optional<Error>> clean_up(Host& host, ShellState& shell);

// The same for a shell that stays: deleted only when it is not open or its command does not end.
[[nodiscard]] net::Task<std::optional<Error>> ready_for_next(Host& host, ShellState& shell);

// Deletes the shell; true when it is confirmed gone.
[[nodiscard]] net::Task<bool> delete_shell(Host& host, std::string shell_id, MonotonicTime deadline,
                                           Alarm& stop);

// Tells the command of `shell` to end, on the third lane; whether the host took it.
[[nodiscard]] net::Task<bool> send_ctrl_c(Host& host, ShellState shell);

}  // namespace mullion::client
