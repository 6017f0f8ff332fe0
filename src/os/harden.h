// What every long-lived Mullion process does first.
#pragma once

#include <cstddef>

#include "core/result.h"

namespace mullion::os {

// The keys of whoever started this process (a Kerberos cache in a log-on's keyring, say) are not for those
// whom it starts as other users, and whoever has a session keyring may use what is in it. One system call.
// False: it could not be left; a system that has no keyrings, or forbids them, has none to leave.
[[nodiscard]] bool leave_session_keyring() noexcept;
// The same for who counts on having one: false also where there are none.
[[nodiscard]] bool new_session_keyring() noexcept;

// No core dumps, no ptrace by others of the same user, no /proc/PID/mem for them. Errors: serve.rights
[[nodiscard]] Result<void> harden_process();

// The same but for the limit, which whoever is started would inherit.
void forbid_core_dumps() noexcept;

// Raises the soft limit of open descriptors to what is wanted or to the hard limit; returns what holds now.
std::size_t raise_descriptor_limit(std::size_t wanted);

}  // namespace mullion::os
