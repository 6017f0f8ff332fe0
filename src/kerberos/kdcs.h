// Addresses of KDCs as krb5.conf and --kdc write them. Private to this room.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mullion::kerberos {

// "kdc1", "kdc1:88", "[::1]:88", "::1", "tcp/kdc1" → "kdc1:88", "[::1]:88"; nothing: not one that is asked
// over TCP (a proxy's URL, a socket's path, "udp/…"), or no address at all.
[[nodiscard]] std::optional<std::string> kdc_address(std::string_view text);

}  // namespace mullion::kerberos
