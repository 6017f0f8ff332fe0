#include "net/listen.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <mutex>
#include <utility>

#include "net/accepting.h"
#include "net/address.h"
#include "os/file.h"

namespace mullion::net {
namespace {

constexpr std::size_t most_taken_over = 256;

void set_shared(int descriptor, bool shared) {
    const int value = shared ? 1 : 0;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &value, sizeof value);
}

class TcpListener final : public Listener {
public:
    TcpListener(Executor executor, int descriptor)
        : accepting_(std::move(executor), descriptor), bound_(own_address(descriptor)) {}

    Task<Result<Accepted>> accept() override {
        SocketAddress from;
        auto waiting = accepting_.next(from, *this);
        const auto descriptor = co_await std::move(waiting);
        if (!descriptor.ok()) co_return descriptor.error();
        co_return describe(*descriptor, from);
    }

    std::vector<Accepted> waiting() override {
        std::vector<Accepted> all;
        SocketAddress from;
        // A flood must not take all descriptors; who waits behind it is reset, and tries again.
        while (all.size() < most_taken_over) {
            const int one = accepting_.now(from);
            if (one < 0) break;
            all.push_back(describe(one, from));
        }
        return all;
    }

    void close() override {
        const std::lock_guard lock(mutex_);
        accepting_.close();
    }
    // Not while it is closed: the number of its descriptor would be another's.
    void share(bool on) override {
        const std::lock_guard lock(mutex_);
        if (!accepting_.closed()) set_shared(accepting_.descriptor(), on);
    }
    std::string address() const override { return address_text(bound_); }
    std::uint16_t port() const override { return address_port(bound_); }

private:
    static Accepted describe(int descriptor, const SocketAddress& from) {
        const int on = 1;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
        const SocketAddress own = own_address(descriptor);
        Accepted accepted;
        accepted.descriptor = descriptor;
        accepted.peer = address_text(from);
        accepted.local = address_text(own);
        accepted.local_port = address_port(own);
        return accepted;
    }

    std::mutex mutex_;  // Of closing.
    Accepting accepting_;
    SocketAddress bound_;
};

Error cannot_listen(int number) {
    const bool ran_out = number == EMFILE || number == ENFILE;
    return {ran_out ? ErrorId::net_descriptors : ErrorId::serve_listen, errno_text(number)};
}

struct How {
    bool both_families = false;
    bool shared = false;
};

Result<int> bind_to(const addrinfo& place, How how) {
    const int descriptor = ::socket(place.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return cannot_listen(errno);
    const int on = 1;
    const int only_six = how.both_families ? 0 : 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (place.ai_family == AF_INET6)
        setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &only_six, sizeof only_six);
    if (how.shared) set_shared(descriptor, true);
    if (::bind(descriptor, place.ai_addr, place.ai_addrlen) != 0 || ::listen(descriptor, SOMAXCONN) != 0) {
        const int number = errno;
        ::close(descriptor);
        return cannot_listen(number);
    }
    if (how.shared) set_shared(descriptor, false);
    return descriptor;
}

Result<int> bind_at(const std::string& address, std::uint16_t port, How how) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const int code = getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &list);
    if (code == EAI_SYSTEM) return cannot_listen(errno);
    if (code != 0) return Error(ErrorId::serve_listen, gai_strerror(code));
    auto descriptor = bind_to(*list, how);
    freeaddrinfo(list);
    return descriptor;
}

Result<int> bind_wherever(const std::string& address, std::uint16_t port, bool shared) {
    const bool any = address == "*";
    auto descriptor = bind_at(any ? "::" : address, port, {any, shared});
    // A machine without IPv6, not one where the port is taken.
    const bool no_six = any && !descriptor &&
                        (descriptor.error().detail == errno_text(EAFNOSUPPORT) ||
                         descriptor.error().detail == errno_text(EADDRNOTAVAIL));
    if (no_six) descriptor = bind_at("0.0.0.0", port, {false, shared});
    if (!descriptor) {
        return Error(descriptor.error().id,
                     fmt::format("{} port {}: {}", address, port, descriptor.error().detail));
    }
    return descriptor;
}

}  // namespace

Result<std::unique_ptr<Listener>> listen(Executor executor, const std::string& address, std::uint16_t port) {
    MULLION_ASSIGN(const int descriptor, bind_wherever(address, port, false));
    std::unique_ptr<Listener> listener = std::make_unique<TcpListener>(std::move(executor), descriptor);
    return listener;
}

Result<std::unique_ptr<Listener>> listen_beside(Executor executor, const std::string& address,
                                                std::uint16_t port, const std::vector<Listener*>& own) {
    for (auto* listener : own) listener->share(true);
    const auto descriptor = bind_wherever(address, port, true);
    for (auto* listener : own) listener->share(false);
    if (!descriptor.ok()) return descriptor.error();
    std::unique_ptr<Listener> listener = std::make_unique<TcpListener>(std::move(executor), *descriptor);
    return listener;
}

bool is_own_address(const std::string& address) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV | AI_NUMERICHOST;
    addrinfo* list = nullptr;
    if (getaddrinfo(address.c_str(), "0", &hints, &list) != 0) return false;
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(list, &freeaddrinfo);
    const os::UniqueFd probe(::socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return probe && ::bind(probe.get(), list->ai_addr, list->ai_addrlen) == 0;
}

Result<std::unique_ptr<Listener>> listen_on(Executor executor, int descriptor) {
    const auto option = [&](int name) {
        int value = -1;
        socklen_t size = sizeof value;
        return ::getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
    };
    const int family = option(SO_DOMAIN);
    const bool tcp = (family == AF_INET || family == AF_INET6) && option(SO_PROTOCOL) == IPPROTO_TCP;
    if (!tcp || option(SO_ACCEPTCONN) != 1)
        return Error(ErrorId::serve_listen,
                     fmt::format("descriptor {} is no listening TCP socket", descriptor));
    const int flags = ::fcntl(descriptor, F_GETFL);
    if (flags < 0 || ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) != 0 ||
        ::fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0)
        return cannot_listen(errno);
    std::unique_ptr<Listener> listener = std::make_unique<TcpListener>(std::move(executor), descriptor);
    return listener;
}

}  // namespace mullion::net
