// Answers that do not go out as they should: what a host does that plays a broken one.
#pragma once

#include "channel/server_connection.h"
#include "http/message.h"

namespace mullion::channel {

// In any way but `whole`. False when the connection is over.
[[nodiscard]] net::Task<bool> write_badly(net::Stream& stream, http::Response response, Delivery how);

}  // namespace mullion::channel
