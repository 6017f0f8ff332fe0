// The Date field.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace mullion::http {

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 5.6.7); the two obsolete forms are nothing, as is all else.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_date(std::string_view text);

}  // namespace mullion::http
