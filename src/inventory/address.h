// Host names and addresses as Ansible's inventories and patterns write them, ranges included.
#pragma once

#include <optional>
#include <string_view>

namespace mullion::inventory {

struct Address {
    std::string_view host;  // Without brackets; with ranges, unexpanded.
    unsigned port = 0;      // 0: none.
};

// "web[01:50].corp:5986", "10.0.0.1", "::1", "[::1]:5985", "fe80::1%eth0". Nothing where Ansible does not
// know the text as an address: such a text is a host's name as it stands, and a pattern that may be several.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);

}  // namespace mullion::inventory
