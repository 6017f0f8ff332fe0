// From a name or an address as text to socket addresses.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/clock.h"
#include "net/address.h"
#include "net/task.h"
#include "net/worker_pool.h"

namespace mullion::net {

// All stream addresses of a name, families taking turns in the system's order of preference (RFC 6724, RFC
// 8305 4). An address as text asks nobody. A look-up that outlives the deadline is left to end by itself.
// Errors: net.name, net.descriptors
[[nodiscard]] Task<Result<std::vector<SocketAddress>>> resolve(Executor executor, WorkerPool& pool,
                                                               std::string host, std::uint16_t port,
                                                               MonotonicTime deadline);

}  // namespace mullion::net
