// Processes that nobody waits for.
#pragma once

#include <cstdint>
#include <string>

#include "cim/machine.h"

namespace mullion::cim {

// `command` by /bin/sh -c, in `folder` (empty: this process's), in a session of its own: signals to this
// process's group are not for it, none of its files stay open in it, and init is its parent. What it writes
// goes nowhere.
[[nodiscard]] Started start_by_shell(const std::string& command, const std::string& folder);

// SIGKILL; 0 or errno.
[[nodiscard]] int kill_process(std::uint64_t process);

}  // namespace mullion::cim
