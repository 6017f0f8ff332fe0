// What every long-lived Mullion process does first.
#pragma once

#include <cstddef>

#include "core/result.h"

namespace mullion::os {

// No core dumps, no ptrace by others of the same user, no /proc/PID/mem for them. Errors: serve.rights
[[nodiscard]] Result<void> harden_process();

// Raises the soft limit of open descriptors to what is wanted or to the hard limit; returns what holds now.
std::size_t raise_descriptor_limit(std::size_t wanted);

}  // namespace mullion::os
