// From an accepted descriptor to a stream.
#include <sys/socket.h>

#include <cerrno>

#include "net/address.h"
#include "net/listen.h"
#include "net/make_stream.h"

namespace mullion::net {
namespace {

constexpr std::string_view spoken_http =
    "HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: 57\r\n\r\n"
    "This port speaks HTTPS, not HTTP: use https:// with it.\r\n";

Task<Result<char>> first_byte(Socket& socket) {
    while (true) {
        MULLION_CO_TRY(socket.check());
        char byte = 0;
        const auto count = ::recv(socket.descriptor(), &byte, 1, MSG_PEEK);
        if (count == 1) co_return byte;
        if (count == 0) co_return Error(ErrorId::net_closed, "before the TLS handshake");
        if (errno == EINTR) continue;
        if (errno != EAGAIN) co_return Error(ErrorId::net_closed, "reading: " + errno_text(errno));
        if (auto ready = co_await socket.wait(Socket::Wait::readable); !ready)
            co_return std::move(ready).error();
    }
}

Task<void> refuse_http(Socket socket, std::string peer) {
    const auto stream = make_plain_stream(std::move(socket), std::move(peer));
    if (const auto written = co_await stream->write(spoken_http); written) co_await linger(*stream);
}

}  // namespace

Task<Result<std::unique_ptr<Stream>>> adopt(Executor executor, Listener::Accepted accepted,
                                            std::shared_ptr<const TlsServer> tls, MonotonicTime deadline) {
    Socket socket(executor, accepted.descriptor);
    if (!tls) co_return make_plain_stream(std::move(socket), accepted.peer);

    socket.expires_at(deadline);
    const auto first = co_await first_byte(socket);
    if (!first) co_return first.error();
    // A TLS record begins with its type, 22 for a handshake (RFC 8446 5.1); an HTTP request with a letter.
    if (*first >= 'A' && *first <= 'Z') {
        co_await refuse_http(std::move(socket), accepted.peer);
        co_return Error(ErrorId::tls_not_tls, accepted.peer + " spoke HTTP to the HTTPS port");
    }
    auto stream = co_await accept_tls(std::move(socket), accepted.peer, std::move(tls));
    if (stream) (*stream)->expires_at(MonotonicTime::max());
    co_return stream;
}

}  // namespace mullion::net
