// What the header of a message must keep to beyond what Beast's parser checks. Pure.
//
// Refused: bare CR or LF, control characters, folded lines (RFC 9112 5.2), a version other than 1.0 and 1.1,
// Transfer-Encoding other than exactly "chunked" or on HTTP/1.0, both it and Content-Length (6.1, 6.3),
// either of these, Host or Authorization twice, a request of HTTP/1.1 without Host (3.2), Content-Encoding.
#pragma once

#include <string_view>

#include "core/result.h"

namespace mullion::net {

inline constexpr std::size_t most_fields = 128;

// `header` is everything up to and with the empty line. Errors: http.malformed
[[nodiscard]] Result<void> check_request_header(std::string_view header);
[[nodiscard]] Result<void> check_response_header(std::string_view header);

}  // namespace mullion::net
