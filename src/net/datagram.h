// One question in a datagram, and its answer: for protocols over UDP that ask and are answered once.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/clock.h"
#include "net/task.h"
#include "net/worker_pool.h"

namespace mullion::net {

struct DatagramQuestion {
    std::string host;
    std::uint16_t port = 0;
    // Each try is a packet of its own. Called right before it is sent.
    std::function<std::string()> make;
    // Whether this answers the packet that was made last; called right behind its arrival. What does not is
    // passed over, since anybody can send datagrams.
    std::function<bool(const std::string&)> takes;
    Duration patience{1500};  // Of one try; a datagram gets lost now and then.
};

// The answer, of at most 2,048 bytes. The addresses of the host are tried in turn, again and again, until
// `deadline`. Errors: net.name, net.refused, net.timeout, net.unreachable, net.descriptors
[[nodiscard]] Task<Result<std::string>> ask_datagram(Executor executor, WorkerPool& pool,
                                                     DatagramQuestion question, MonotonicTime deadline);

}  // namespace mullion::net
