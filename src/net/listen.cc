#include "net/listen.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/core.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <cstring>

#include "net/address.h"
#include "net/socket.h"

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

class TcpListener final : public Listener {
public:
    TcpListener(Executor executor, int descriptor)
        : socket_(executor, descriptor), rest_(executor), bound_(own_address(descriptor)) {}

    Task<Result<Accepted>> accept() override {
        while (true) {
            if (socket_.closed()) co_return Error(ErrorId::serve_listen, "the listener is closed");
            SocketAddress from;
            from.size = sizeof from.storage;
            const int descriptor =
                ::accept4(socket_.descriptor(), from.raw(), &from.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (descriptor >= 0) {
                const int on = 1;
                setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
                const SocketAddress own = own_address(descriptor);
                Accepted accepted{descriptor, address_text(from), address_text(own), address_port(own)};
                co_return accepted;
            }
            const int number = errno;
            if (number == EAGAIN) {
                if (auto ready = co_await socket_.wait(Socket::Wait::readable); !ready) {
                    co_return Error(ErrorId::serve_listen, ready.error().detail);
                }
            } else if (is_exhausted(number)) {
                rest_.expires_after(exhausted_rest);
                co_await rest_.async_wait(asio::as_tuple(asio::use_awaitable));
            } else if (!is_of_the_connection(number)) {
                co_return Error(ErrorId::serve_listen, fmt::format("accepting at {} port {}: {}", address(),
                                                                   port(), errno_text(number)));
            }
        }
    }

    void close() override {
        socket_.close();
        rest_.cancel();
    }
    std::string address() const override { return address_text(bound_); }
    std::uint16_t port() const override { return address_port(bound_); }

private:
    Socket socket_;
    asio::steady_timer rest_;
    SocketAddress bound_;
};

Error cannot_listen(int number) {
    const bool ran_out = number == EMFILE || number == ENFILE;
    return {ran_out ? ErrorId::net_descriptors : ErrorId::serve_listen, errno_text(number)};
}

Result<int> bind_to(const addrinfo& place, bool both_families) {
    const int descriptor = ::socket(place.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return cannot_listen(errno);
    const int on = 1;
    const int only_six = both_families ? 0 : 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (place.ai_family == AF_INET6)
        setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &only_six, sizeof only_six);
    if (::bind(descriptor, place.ai_addr, place.ai_addrlen) != 0 || ::listen(descriptor, SOMAXCONN) != 0) {
        const int number = errno;
        ::close(descriptor);
        return cannot_listen(number);
    }
    return descriptor;
}

Result<int> bind_at(const std::string& address, std::uint16_t port, bool both_families) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const int code = getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &list);
    if (code == EAI_SYSTEM) return cannot_listen(errno);
    if (code != 0) return Error(ErrorId::serve_listen, gai_strerror(code));
    auto descriptor = bind_to(*list, both_families);
    freeaddrinfo(list);
    return descriptor;
}

}  // namespace

Result<std::unique_ptr<Listener>> listen(Executor executor, const std::string& address, std::uint16_t port) {
    const bool any = address == "*";
    auto descriptor = bind_at(any ? "::" : address, port, any);
    // A machine without IPv6, not one where the port is taken.
    const bool no_six = any && !descriptor &&
                        (descriptor.error().detail == errno_text(EAFNOSUPPORT) ||
                         descriptor.error().detail == errno_text(EADDRNOTAVAIL));
    if (no_six) descriptor = bind_at("0.0.0.0", port, false);
    if (!descriptor) {
        return Error(descriptor.error().id,
                     fmt::format("{} port {}: {}", address, port, descriptor.error().detail));
    }
    std::unique_ptr<Listener> listener = std::make_unique<TcpListener>(std::move(executor), *descriptor);
    return listener;
}

}  // namespace mullion::net
