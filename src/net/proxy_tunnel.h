// A way through an HTTP proxy: CONNECT, RFC 9110 9.3.6. Not for other rooms.
#pragma once

#include <string>

#include "net/socket.h"
#include "net/task.h"

namespace mullion::net {

// Asks the proxy at the other end of `socket` for a connection to `authority` ("web01:5986", "[::1]:5986").
// After it the socket speaks to the host itself. The socket has its deadline set. Errors: net.proxy,
// net.closed, net.read_timeout, http.malformed
[[nodiscard]] Task<Result<void>> open_tunnel(Socket& socket, std::string authority);

}  // namespace mullion::net
