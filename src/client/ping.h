// Identify: reach, authenticate, one question that changes nothing.
#pragma once

#include "client/client.h"
#include "client/host.h"

namespace mullion::client {

[[nodiscard]] net::Task<PingOutcome> identify(Host& host, Alarm& stop);

}  // namespace mullion::client
