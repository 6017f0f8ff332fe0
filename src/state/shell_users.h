// DIR/shell-users: the Unix users that an administrator has let shells run as, one name a line. Root's own
// file: the monitor believes it, and nothing that the network process writes (ADR 3).
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace mullion::state {

// None when there is no file. Errors: state.directory, also for a file that is not its reader's alone
[[nodiscard]] Result<std::vector<std::string>> read_shell_users(const std::string& path);
// Sorted, each once. Errors: state.directory
[[nodiscard]] Result<void> write_shell_users(const std::string& path, std::vector<std::string> users);

}  // namespace mullion::state
