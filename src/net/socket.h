// A non-blocking descriptor on an io_context thread: readiness, one deadline for all that waits, and closing.
// The base of both streams; not seen outside of net.
#pragma once

#include <memory>

#include "core/clock.h"
#include "net/task.h"

namespace mullion::net {

class Socket {
public:
    enum class Wait { readable, writable };

    Socket(Executor executor, int descriptor);  // Owns the descriptor.
    ~Socket();
    Socket(Socket&&) noexcept = default;
    Socket& operator=(Socket&&) = delete;

    // Errors: net.closed, net.read_timeout
    [[nodiscard]] Task<Result<void>> wait(Wait what);
    // What wait() would say of a closed or expired socket; asked before each attempt, so that a peer which
    // always has one more byte ready cannot outrun the deadline.
    [[nodiscard]] Result<void> check() const;
    void expires_at(MonotonicTime when);
    void close();
    [[nodiscard]] bool closed() const;
    [[nodiscard]] int descriptor() const;
    [[nodiscard]] Executor executor() const;

private:
    struct Core;
    std::shared_ptr<Core> core_;  // Null after a move.
};

}  // namespace mullion::net
