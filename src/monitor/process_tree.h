// A process with everything that it has started, for processes that call become_root_of_tree() first.
#pragma once

#include <sys/types.h>

namespace mullion::monitor {

// In the process itself: what it starts stays below it, also what those leave behind that it started.
void become_root_of_tree() noexcept;

// Stops it, kills all below it, whatever session they are in (pam_exec gives its programs their own), then
// it. Never waits. Nothing for what is no process that one may mean (0, 1, -1).
void kill_tree(pid_t root);

}  // namespace mullion::monitor
