#include "os/local_addresses.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netpacket/packet.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include <fmt/core.h>
#include <fmt/ranges.h>

namespace mullion::os {
namespace {

std::string card_of(const sockaddr_ll& link) {
    if (link.sll_halen != 6) return {};
    const unsigned char* bytes = link.sll_addr;
    if (std::all_of(bytes, bytes + 6, [](unsigned char byte) { return byte == 0; })) return {};
    return fmt::format("{:02X}", fmt::join(bytes, bytes + 6, "-"));
}

}  // namespace

std::vector<LocalAddress> local_addresses() {
    std::vector<LocalAddress> out;
    ifaddrs* list = nullptr;
    if (getifaddrs(&list) != 0) return out;
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, &freeifaddrs);
    std::map<std::string, std::string> cards;  // By the name of the interface.
    for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next)
        if (one->ifa_addr != nullptr && one->ifa_addr->sa_family == AF_PACKET)
            cards[one->ifa_name] = card_of(*reinterpret_cast<const sockaddr_ll*>(one->ifa_addr));
    for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
        if (one->ifa_addr == nullptr || (one->ifa_flags & IFF_UP) == 0) continue;
        const int family = one->ifa_addr->sa_family;
        if (family != AF_INET && family != AF_INET6) continue;
        const socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
        std::array<char, NI_MAXHOST> text{};
        if (getnameinfo(one->ifa_addr, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
            continue;
        out.push_back({text.data(), cards[one->ifa_name], family == AF_INET6});
    }
    const auto before = [](const LocalAddress& a, const LocalAddress& b) {
        return std::pair(a.version_6, a.text) < std::pair(b.version_6, b.text);
    };
    std::sort(out.begin(), out.end(), before);
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

}  // namespace mullion::os
