// DNS SRV records (RFC 2782): who serves a realm.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mullion::tickets {

struct SrvRecord {
    std::uint16_t priority = 0, weight = 0, port = 0;
    std::string host;
    friend bool operator==(const SrvRecord&, const SrvRecord&) = default;
};

// The records of a DNS message, best first; names that are no host's are left out, and all after the 16th.
// Among equals the name server's own order stays, which it rotates. Nothing: not a DNS answer.
[[nodiscard]] std::optional<std::vector<SrvRecord>> read_srv_answer(std::string_view message);

// "_kerberos._tcp.EXAMPLE.TEST"; nothing: the realm is no DNS name, and cannot be asked for.
[[nodiscard]] std::optional<std::string> srv_name(const std::string& realm);

}  // namespace mullion::tickets
