// One face for plain and TLS connections: the only place above the sockets. Not thread-safe; lives on one
// io_context thread. A read and a write may be pending at once, never two of the same kind.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "net/task.h"

namespace mullion::net {

// What TLS came to; empty strings on a plain connection.
struct TlsFacts {
    std::string version;  // "TLSv1.3"
    std::string cipher;
    std::string peer_certificate;        // DER; empty when the peer sent none.
    std::string own_certificate;         // DER; the server's side.
    bool asked_for_certificate = false;  // The client's side: the server wanted one, whenever.
};

class Stream {
public:
    virtual ~Stream() = default;  // Closes.
    // At least one byte; 0 at an orderly end. Errors: net.closed (reset), net.read_timeout (deadline), tls.…
    [[nodiscard]] virtual Task<Result<std::size_t>> read_some(std::span<char> into) = 0;
    // All of it. Errors: net.closed, net.read_timeout
    [[nodiscard]] virtual Task<Result<void>> write(std::string_view bytes) = 0;
    // The server's side: asks the peer for its certificate, which stands in tls()->peer_certificate
    // afterwards. Empty still: it has none, cannot be asked, or this is no TLS. What it writes meanwhile is
    // kept, up to `keep` bytes. Never while a read is pending. Errors: net.closed, net.read_timeout,
    // http.too_large
    [[nodiscard]] virtual Task<Result<void>> request_certificate(std::size_t keep) {
        (void)keep;
        co_return Result<void>{};
    }
    // Every pending and later operation fails with net.read_timeout at that time; max() for never.
    virtual void expires_at(MonotonicTime when) = 0;
    // Says that nothing more will be written; reading goes on. Never waits.
    virtual void end_writing() {}
    // Ends at once; a pending operation fails with net.closed.
    virtual void close() = 0;
    [[nodiscard]] virtual const TlsFacts* tls() const = 0;  // Null on a plain connection.
    [[nodiscard]] virtual std::string peer() const = 0;  // "10.0.0.1" without a port; IPv6 without brackets.
    [[nodiscard]] virtual Executor executor() = 0;
    // True when the peer has closed or sent bytes nobody asked for: the connection must not be reused.
    [[nodiscard]] virtual bool stale() = 0;
};

// Before closing a connection whose peer may still be writing: ends our side and reads what comes, for a
// second at most, without keeping it. Closing with unread bytes would send a reset, which throws our last
// answer away on the other side.
[[nodiscard]] Task<void> linger(Stream& stream);

}  // namespace mullion::net
