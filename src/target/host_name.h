// Host names and addresses as an operator writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mullion::target {

struct HostPort {
    std::string host;  // Without brackets; a scope stays: "fe80::1%eth0".
    std::optional<std::uint16_t> port;
};

// "web01", "web01:5985", "10.0.0.1", "::1", "[::1]:5985", "fe80::1%eth0", "[fe80::1%25eth0]" (RFC 6874).
// Nothing for text that is none of them. A name is ASCII: labels of letters, digits, '-' and '_' (Windows has
// it).
[[nodiscard]] std::optional<HostPort> parse_host_port(std::string_view text);
[[nodiscard]] bool is_ipv6(std::string_view host);

}  // namespace mullion::target
