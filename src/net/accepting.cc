#include "net/accepting.h"

#include <sys/socket.h>

#include <fmt/core.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <chrono>

namespace mullion::net {
namespace {

namespace asio = boost::asio;

// How long a listener rests when the process or the machine has no descriptors or memory left.
constexpr auto exhausted_rest = std::chrono::milliseconds(100);

bool is_exhausted(int number) {
    return number == EMFILE || number == ENFILE || number == ENOBUFS || number == ENOMEM;
}

// accept(2): errors already pending on the new connection are reported here and say nothing of the listener.
bool is_of_the_connection(int number) {
    switch (number) {
        case EINTR:
        case ECONNABORTED:
        case EPROTO:
        case ENETDOWN:
        case ENOPROTOOPT:
        case EHOSTDOWN:
        case ENONET:
        case EHOSTUNREACH:
        case EOPNOTSUPP:
        case ENETUNREACH:
        case EPERM:
            return true;
        default:
            return false;
    }
}

}  // namespace

Task<Result<int>> Accepting::next(SocketAddress& from, const Listener& listener) {
    while (true) {
        if (socket_.closed()) co_return Error(ErrorId::serve_listen, "the listener is closed");
        const int descriptor = now(from);
        if (descriptor >= 0) co_return descriptor;
        const int number = errno;
        if (number == EAGAIN) {
            if (auto ready = co_await socket_.wait(Socket::Wait::readable); !ready)
                co_return Error(ErrorId::serve_listen, ready.error().detail);
        } else if (is_exhausted(number)) {
            rest_.expires_after(exhausted_rest);
            co_await rest_.async_wait(asio::as_tuple(asio::use_awaitable));
        } else if (!is_of_the_connection(number)) {
            co_return Error(ErrorId::serve_listen,
                            fmt::format("accepting at {} port {}: {}", listener.address(), listener.port(),
                                        errno_text(number)));
        }
    }
}

int Accepting::now(SocketAddress& from) {
    from.size = sizeof from.storage;
    return ::accept4(socket_.descriptor(), from.raw(), &from.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

void Accepting::close() {
    socket_.close();
    rest_.cancel();
}

}  // namespace mullion::net
