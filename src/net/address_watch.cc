#include "net/address_watch.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "net/address.h"
#include "os/file.h"

namespace mullion::net {
namespace {

constexpr std::size_t largest_read = 16 * 1024;

Error cannot_watch(int number) {
    return os::system_error(ErrorId::serve_listen, "watching this machine's addresses", number);
}

}  // namespace

Result<std::unique_ptr<AddressWatch>> AddressWatch::make(const Executor& executor) {
    os::UniqueFd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE));
    if (!socket) return cannot_watch(errno);
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return cannot_watch(errno);
    return std::unique_ptr<AddressWatch>(new AddressWatch(executor, socket.release()));
}

// What the messages say is not read: whoever is told looks himself, and so may those be lost for which there
// was no room (ENOBUFS).
Result<bool> AddressWatch::take_what_is_there() {
    std::array<char, largest_read> room;
    bool changed = false;
    while (true) {
        const auto count = ::recv(socket_.descriptor(), room.data(), room.size(), 0);
        if (count > 0) {
            changed = true;
        } else if (count == 0 || errno == EAGAIN) {
            return changed;
        } else if (errno == ENOBUFS) {
            changed = true;
        } else if (errno != EINTR) {
            return cannot_watch(errno);
        }
    }
}

Task<Result<void>> AddressWatch::next() {
    while (true) {
        if (socket_.closed()) co_return cannot_watch(EBADF);
        const auto changed = take_what_is_there();
        if (!changed.ok()) co_return changed.error();
        if (*changed) co_return Result<void>{};
        if (auto ready = co_await socket_.wait(Socket::Wait::readable); !ready)
            co_return Error(ErrorId::serve_listen, ready.error().detail);
    }
}

}  // namespace mullion::net
