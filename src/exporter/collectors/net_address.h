#pragma once

#include <string>
#include <string_view>

namespace mullion::exporter {

// "ipv4" or "ipv6" of an address that others can reach: not a loopback's, the link's own, a group's or none.
// Else empty.
[[nodiscard]] std::string_view family_of_global(const std::string& address);

}  // namespace mullion::exporter
