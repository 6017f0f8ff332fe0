#include "exporter/collectors/net_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace mullion::exporter {
namespace {

bool is_global(const in_addr& address) {
    const std::uint32_t bits = ntohl(address.s_addr);
    const bool loopback = (bits >> 24U) == 127, link = (bits >> 16U) == 0xA9FE;
    return bits != 0 && bits != 0xFFFFFFFF && !loopback && !link && (bits >> 28U) != 0xE;
}

bool is_global(const in6_addr& address) {
    return !IN6_IS_ADDR_UNSPECIFIED(&address) && !IN6_IS_ADDR_LOOPBACK(&address) &&
           !IN6_IS_ADDR_LINKLOCAL(&address) && !IN6_IS_ADDR_MULTICAST(&address);
}

}  // namespace

std::string_view family_of_global(const std::string& address) {
    in_addr v4 = {};
    if (inet_pton(AF_INET, address.c_str(), &v4) == 1) return is_global(v4) ? "ipv4" : "";
    in6_addr v6 = {};
    if (inet_pton(AF_INET6, address.c_str(), &v6) == 1) return is_global(v6) ? "ipv6" : "";
    return {};
}

}  // namespace mullion::exporter
