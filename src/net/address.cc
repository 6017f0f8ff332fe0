#include "net/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <array>
#include <cstring>

namespace mullion::net {

std::string address_text(const SocketAddress& address) {
    if (address.family() == AF_INET6) {
        const auto* six = reinterpret_cast<const sockaddr_in6*>(&address.storage);
        if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
            std::array<char, INET_ADDRSTRLEN> text{};
            inet_ntop(AF_INET, six->sin6_addr.s6_addr + 12, text.data(), text.size());
            return text.data();
        }
    }
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(address.raw(), address.size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
        return "";
    return text.data();
}

std::uint16_t address_port(const SocketAddress& address) {
    if (address.family() == AF_INET6)
        return ntohs(reinterpret_cast<const sockaddr_in6*>(&address.storage)->sin6_port);
    if (address.family() == AF_INET)
        return ntohs(reinterpret_cast<const sockaddr_in*>(&address.storage)->sin_port);
    return 0;
}

SocketAddress peer_address(int descriptor) {
    SocketAddress address;
    address.size = sizeof address.storage;
    if (getpeername(descriptor, address.raw(), &address.size) != 0) address.size = 0;
    return address;
}

SocketAddress own_address(int descriptor) {
    SocketAddress address;
    address.size = sizeof address.storage;
    if (getsockname(descriptor, address.raw(), &address.size) != 0) address.size = 0;
    return address;
}

std::string errno_text(int number) {
    std::array<char, 128> room{};
    return ::strerror_r(number, room.data(), room.size());  // GNU's: the text may stand elsewhere.
}

}  // namespace mullion::net
