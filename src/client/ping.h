// Identify: reach, authenticate, one question that changes nothing.
#pragma once

#include "client/client.h"
#include "client/host.h"

namespace mullion::client {

// Whatever the host does meanwhile, it ends after `timeout`: run.timeout. `in_clear`: as PingOptions has it.
[[nodiscard]] net::Task<PingOutcome> identify(Host& host, Duration timeout, Alarm& stop,
                                              bool in_clear = false);

}  // namespace mullion::client
