// The system calls that are left to the process which reads the network (seccomp). What is not named is
// refused with EPERM, and told on standard error by its name.
#pragma once

#include <cstddef>

#include "core/result.h"

namespace mullion::os {

// For good, for this thread and all that it starts: no other program, no process, no other user, no tracing,
// no mounts or namespaces, no keys, no kernel interfaces beyond files, memory, threads and sockets of the
// internet, of this machine, and the kernel's routes (which getaddrinfo asks about). Memory that was written
// cannot be made executable. The process must have no_new_privs. How many calls are left. Errors:
// serve.rights
[[nodiscard]] Result<std::size_t> limit_system_calls();

}  // namespace mullion::os
