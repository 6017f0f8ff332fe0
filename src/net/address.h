// Socket addresses as text.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>

namespace mullion::net {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
    [[nodiscard]] sockaddr* raw() { return reinterpret_cast<sockaddr*>(&storage); }
    [[nodiscard]] const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&storage); }
    [[nodiscard]] int family() const { return storage.ss_family; }
};

// "10.0.0.1", "fe80::1%eth0"; an IPv4 address inside IPv6 ("::ffff:10.0.0.1") as the former.
[[nodiscard]] std::string address_text(const SocketAddress& address);
[[nodiscard]] std::uint16_t address_port(const SocketAddress& address);
[[nodiscard]] SocketAddress peer_address(int descriptor);
[[nodiscard]] SocketAddress own_address(int descriptor);
// What strerror says, without its static buffer.
[[nodiscard]] std::string errno_text(int number);

}  // namespace mullion::net
