// Listening sockets. Bound before rights are dropped or after, as the caller likes; "*" binds both families.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/stream.h"
#include "net/tls.h"

namespace mullion::net {

// Whose process made a connection (SO_PEERCRED), as it was when it did.
struct LocalUser {
    uid_t uid = static_cast<uid_t>(-1);  // Never 0 by default.
    pid_t pid = 0;
};

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
        std::optional<LocalUser> user = {};  // Of a socket of the file system: who the kernel says it is.
    };
    [[nodiscard]] virtual Task<Result<Accepted>> accept() = 0;
    // Those who wait already; nothing where nobody does. For one that is about to be closed: they would be
    // turned away with it. On the executor.
    [[nodiscard]] virtual std::vector<Accepted> waiting() { return {}; }
    virtual void close() = 0;
    // Whether other sockets of this process's user may have the same port (SO_REUSEPORT). From any thread.
    virtual void share(bool) {}
    [[nodiscard]] virtual std::string address() const = 0;  // "127.0.0.1", "::"
    [[nodiscard]] virtual std::uint16_t port() const = 0;   // The real one, also when 0 was asked for.
};

// Address "*" gives one socket for both families ([::] with IPV6_V6ONLY off; 0.0.0.0 where IPv6 is missing).
[[nodiscard]] Result<std::unique_ptr<Listener>> listen(Executor executor, const std::string& address,
                                                       std::uint16_t port);

// The same beside those of our own, which have that port at other addresses: for a moment they share it. The
// kernel gives a connection to the socket whose address is the closest. ADR 34
[[nodiscard]] Result<std::unique_ptr<Listener>> listen_beside(Executor executor, const std::string& address,
                                                              std::uint16_t port,
                                                              const std::vector<Listener*>& own);

// Whether a socket can have that address now: one of this machine's cards has it, or it is a loopback's.
// Alike for "0.0.0.0" and "::": whether there is that version at all.
[[nodiscard]] bool is_own_address(const std::string& address);

// A socket that somebody else has bound, and that listens already (systemd's); it is owned from then on.
// Errors: serve.listen, also for one that is no listening TCP socket
[[nodiscard]] Result<std::unique_ptr<Listener>> listen_on(Executor executor, int descriptor);

// Makes a Stream of an accepted connection on the thread of `executor`, with the TLS handshake when tls is
// set. A plain HTTP request to a TLS listener is answered "HTTP/1.0 400" and closed, so that the client can
// say why.
[[nodiscard]] Task<Result<std::unique_ptr<Stream>>> adopt(Executor executor, Listener::Accepted accepted,
                                                          std::shared_ptr<const TlsServer> tls,
                                                          MonotonicTime deadline);

}  // namespace mullion::net
