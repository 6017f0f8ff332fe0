// What the words of a Command become on Linux.
#pragma once

#include <string>
#include <vector>

#include "service/requests/outcome.h"
#include "service/shells/shell.h"
#include "wsman/shell.h"

namespace mullion::service {

// `/bin/sh -c` and the words joined with blanks; with WINRS_SKIP_CMD_SHELL the program itself, and
// each argument as it is. Faults: too long, no program.
// argv[0] is an absolute path, or a bare name, which the monitor's child looks for in the shell's PATH.
[[nodiscard]] Outcome<std::vector<std::string>> command_argv(const Shell& shell,
                                                             const wsman::RunCommand& what);

}  // namespace mullion::service
