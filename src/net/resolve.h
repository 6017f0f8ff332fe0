// Name look-up on a worker.
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
// 8305 4). An address as text needs no worker. A look-up that outlives the deadline is left to end by itself.
// Errors: net.name
[[nodiscard]] Task<Result<std::vector<SocketAddress>>> resolve(Executor executor, WorkerPool& pool,
                                                               std::string host, std::uint16_t port,
                                                               MonotonicTime deadline);

}  // namespace mullion::net
