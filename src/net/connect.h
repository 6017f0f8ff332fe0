// Reaching a host: name look-up on a worker, each address in turn (IPv6 and IPv4 side by side), TLS.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/clock.h"
#include "net/stream.h"
#include "net/tls.h"
#include "net/worker_pool.h"

namespace mullion::net {

// An HTTP proxy, reached in clear; what goes through it is as protected as without it.
struct Proxy {
    std::string host;
    std::uint16_t port = 0;
};

struct Endpoint {
    std::string host;  // Name or address; no brackets. A scope ("fe80::1%eth0") is allowed.
    std::uint16_t port = 0;
    std::shared_ptr<const TlsClient> tls;       // Null: plain.
    std::string tls_name;                       // For SNI and the name check; empty: host.
    std::optional<Proxy> proxy = std::nullopt;  // Then the proxy looks the host's name up.
    std::string socket = {};                    // A socket of the file system, instead of all that.
};

// Errors: net.name, net.refused, net.timeout, net.unreachable, net.proxy, tls.…; detail names every
// address that was tried.
[[nodiscard]] Task<Result<std::unique_ptr<Stream>>> connect(Executor executor, WorkerPool& pool,
                                                            Endpoint endpoint, MonotonicTime deadline);

}  // namespace mullion::net
