#include "target/host_name.h"

#include <arpa/inet.h>

#include <algorithm>

#include "target/option_values.h"

namespace mullion::target {
namespace {

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// RFC 1123 2.1, with underscores. A trailing dot says that the name is complete.
bool is_name(std::string_view text) {
    if (!text.empty() && text.back() == '.') text.remove_suffix(1);
    if (text.empty() || text.size() > 253) return false;
    while (true) {
        const auto dot = text.find('.');
        const auto label = text.substr(0, dot);
        if (label.empty() || label.size() > 63 || label.front() == '-') return false;
        if (!std::all_of(label.begin(), label.end(), is_word)) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

// An address with its scope in the form getaddrinfo() takes; nothing when it is none.
std::optional<std::string> ipv6(std::string_view text) {
    const auto percent = text.find('%');
    const std::string address(text.substr(0, percent));
    in6_addr ignored{};
    // inet_pton reads to the first NUL: an embedded one must not hide what follows it.
    if (address.find('\0') != std::string::npos || inet_pton(AF_INET6, address.c_str(), &ignored) != 1)
        return std::nullopt;
    if (percent == std::string_view::npos) return address;
    auto scope = text.substr(percent + 1);
    if (scope.substr(0, 2) == "25" && scope.size() > 2) scope.remove_prefix(2);
    const bool word = std::all_of(scope.begin(), scope.end(), [](char c) { return is_word(c) || c == '.'; });
    if (scope.empty() || scope.size() > 15 || !word) return std::nullopt;  // IFNAMSIZ is 16 with its NUL.
    return address + "%" + std::string(scope);
}

std::optional<HostPort> bracketed(std::string_view text) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    auto host = ipv6(text.substr(1, end - 1));
    const auto rest = text.substr(end + 1);
    if (!host) return std::nullopt;
    if (rest.empty()) return HostPort{std::move(*host), std::nullopt};
    if (rest.front() != ':') return std::nullopt;
    auto port = parse_port(rest.substr(1));
    if (!port.ok()) return std::nullopt;
    return HostPort{std::move(*host), port.value()};
}

}  // namespace

bool is_ipv6(std::string_view host) {
    return host.find(':') != std::string_view::npos;
}

std::optional<HostPort> parse_host_port(std::string_view text) {
    if (!text.empty() && text.front() == '[') return bracketed(text);
    if (std::count(text.begin(), text.end(), ':') >= 2) {
        auto host = ipv6(text);
        if (!host) return std::nullopt;
        return HostPort{std::move(*host), std::nullopt};
    }
    const auto colon = text.find(':');
    const auto name = text.substr(0, colon);
    if (!is_name(name)) return std::nullopt;
    if (colon == std::string_view::npos) return HostPort{std::string(name), std::nullopt};
    auto port = parse_port(text.substr(colon + 1));
    if (!port.ok()) return std::nullopt;
    return HostPort{std::string(name), port.value()};
}

}  // namespace mullion::target
