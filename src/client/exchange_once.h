// Session::exchange() on the session's thread.
#pragma once

#include "client/exchange.h"
#include "client/host.h"

namespace mullion::client {

[[nodiscard]] net::Task<ExchangeOutcome> exchange_once(Host& host, ExchangeOptions options, Alarm& stop);

}  // namespace mullion::client
