// What becomes of a system call that is not left to this process (system_calls.h): a line on standard error,
// and EPERM for the caller.
#pragma once

#include "core/result.h"

namespace mullion::os {

// Whether this kind of processor is one whose registers we know.
[[nodiscard]] bool can_tell_refused_calls() noexcept;

// Takes SIGSYS, which the kernel sends to the thread that called. Errors: serve.rights
[[nodiscard]] Result<void> tell_refused_calls();

}  // namespace mullion::os
