// Listening sockets. Bound before rights are dropped or after, as the caller likes; "*" binds both families.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "net/stream.h"
#include "net/tls.h"

namespace mullion::net {

class Listener {
public:
    virtual ~Listener() = default;
    // The next plain TCP connection, not yet TLS. Errors: serve.listen (fatal); transient ones are retried
    // inside (EMFILE waits 100 ms). The connection is made on `executor`.
    struct Accepted {
        int descriptor = -1;  // Owned by the receiver; give it to adopt().
        std::string peer;
        std::string local;  // The address it was made to: one socket on 0.0.0.0 has many.
        std::uint16_t local_port = 0;
    };
    [[nodiscard]] virtual Task<Result<Accepted>> accept() = 0;
    virtual void close() = 0;
    [[nodiscard]] virtual std::string address() const = 0;  // "127.0.0.1", "::"
    [[nodiscard]] virtual std::uint16_t port() const = 0;   // The real one, also when 0 was asked for.
};

// Address "*" gives one socket for both families ([::] with IPV6_V6ONLY off; 0.0.0.0 where IPv6 is missing).
[[nodiscard]] Result<std::unique_ptr<Listener>> listen(Executor executor, const std::string& address,
                                                       std::uint16_t port);

// Makes a Stream of an accepted connection on the thread of `executor`, with the TLS handshake when tls is
// set. A plain HTTP request to a TLS listener is answered "HTTP/1.0 400" and closed, so that the client can
// say why.
[[nodiscard]] Task<Result<std::unique_ptr<Stream>>> adopt(Executor executor, Listener::Accepted accepted,
                                                          std::shared_ptr<const TlsServer> tls,
                                                          MonotonicTime deadline);

}  // namespace mullion::net
