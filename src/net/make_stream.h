// How the rooms' own functions make streams of connected sockets. Not for other rooms.
#pragma once

#include <memory>
#include <string>

#include "net/socket.h"
#include "net/stream.h"
#include "net/tls.h"

namespace mullion::net {

[[nodiscard]] std::unique_ptr<Stream> make_plain_stream(Socket socket, std::string peer);

// The handshake of each side; `socket` has its deadline set. `name` is what the certificate must be for.
// Errors: tls.…, net.closed, net.read_timeout
[[nodiscard]] Task<Result<std::unique_ptr<Stream>>> start_tls(Socket socket, std::string peer,
                                                              std::shared_ptr<const TlsClient> tls,
                                                              std::string name);
[[nodiscard]] Task<Result<std::unique_ptr<Stream>>> accept_tls(Socket socket, std::string peer,
                                                               std::shared_ptr<const TlsServer> tls);

}  // namespace mullion::net
