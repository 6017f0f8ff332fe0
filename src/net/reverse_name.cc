#include "net/reverse_name.h"

#include <netdb.h>

#include <fmt/core.h>

#include <array>

#include "net/name_lookups.h"

namespace mullion::net {

Result<std::string> reverse_name(const std::string& address) {
    MULLION_ASSIGN(auto found, read_address(address));
    std::array<char, NI_MAXHOST> name{};
    auto& first = found.front();
    const int code = getnameinfo(first.raw(), first.size, name.data(), name.size(), nullptr, 0, NI_NAMEREQD);
    if (code == 0) return std::string(name.data());
    if (code == EAI_NONAME) return std::string();
    return Error(ErrorId::net_name, fmt::format("looking up {}: {}", address, gai_strerror(code)));
}

}  // namespace mullion::net
