// Reads an InputSource without blocking the I/O thread, nor the workers: one that waits for a person or a
// pipe may wait for ever.
#pragma once

#include "client/client.h"
#include "client/input_pump.h"
#include "net/threads_on_demand.h"

namespace mullion::client {

// So many sources may block at a time before others wait for them.
inline constexpr unsigned most_blocked_inputs = 256;

// Null for null. `input` and `threads` must outlive every read.
[[nodiscard]] ReadInput reader_of(InputSource* input, net::ThreadsOnDemand& threads, net::Executor executor);

}  // namespace mullion::client
