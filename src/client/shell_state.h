// What a run has, or may have, on the host: what clean-up must end.
#pragma once

#include <string>

namespace mullion::client {

struct ShellState {
    std::string shell_id;
    std::string command_id;
    bool open = false;       // Commands can be run in it.
    bool may_exist = false;  // A Create may have reached the host, and the shell is not known to be gone.
    bool may_run = false;    // A Command may have reached the host, and is not known to have ended.
    bool ended = false;      // The command is known to have ended.
};

}  // namespace mullion::client
