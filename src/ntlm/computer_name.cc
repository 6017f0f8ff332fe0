#include "ntlm/computer_name.h"

#include <unistd.h>

#include <array>

namespace mullion::ntlm {
namespace {

std::string host_name() {
    std::array<char, 256> host{};
    return gethostname(host.data(), host.size() - 1) == 0 ? std::string(host.data()) : std::string();
}

}  // namespace

std::string netbios_name(std::string_view host) {
    std::string name;
    for (const char c : host.substr(0, host.find('.'))) {
        const bool lower = c >= 'a' && c <= 'z';
        if (lower || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-')
            name += lower ? static_cast<char>(c - 32) : c;
        if (name.size() == 15) break;
    }
    return name;
}

const std::string& own_netbios_name() {
    static const std::string name = netbios_name(host_name());
    return name;
}

std::string service_netbios_name(std::string_view host) {
    std::string name = netbios_name(host);
    if (name.empty()) name = own_netbios_name();
    return name.empty() ? "MULLION" : name;
}

}  // namespace mullion::ntlm
