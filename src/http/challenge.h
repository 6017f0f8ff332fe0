// WWW-Authenticate and Authorization fields (RFC 9110 11).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.h"

namespace mullion::http {

// One offer: "Negotiate", "Negotiate TlRMTVNT…", or "Basic realm=\"WSMAN\"".
struct Challenge {
    std::string scheme;  // As sent.
    std::string token;   // Decoded from base64; empty when there was none.
    std::vector<std::pair<std::string, std::string>> parameters;
    [[nodiscard]] bool is(std::string_view name) const { return same_without_case(scheme, name); }
};

// All offers of a 401, from one field with commas or several fields. What does not parse is left out.
// At most 32 offers are read.
[[nodiscard]] std::vector<Challenge> parse_challenges(const Headers& headers);

// The credentials of a request: scheme and the token (decoded; limit 64 KiB of base64). Nothing when the
// field is missing, given twice, or malformed.
struct Credentials {
    std::string scheme;
    std::string token;
};
[[nodiscard]] std::optional<Credentials> parse_authorization(const Headers& headers);

// "Negotiate TlRMTVNT…"; the scheme alone when the token is empty.
[[nodiscard]] std::string credentials_field(std::string_view scheme, std::string_view token);

}  // namespace mullion::http
