// Waiting at a gate, as a coroutine.
#pragma once

#include "client/gated_session.h"
#include "core/clock.h"
#include "net/task.h"

namespace mullion::client {

// An empty gate is open. Errors: the gate's; net.timeout where it does not answer until the deadline.
[[nodiscard]] net::Task<Result<void>> pass(LogonGate gate, MonotonicTime deadline);

}  // namespace mullion::client
