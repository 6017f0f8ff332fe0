// An envelope as it travels: in the charset that the request came in. [MS-WSMV] 2.2.1: UTF-8 or UTF-16.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace mullion::wsman {

enum class Charset { utf8, utf16 };

// The charset parameter of a Content-Type, in either case; empty means UTF-8. Nothing for any other: answer
// it with code::unsupported_encoding.
[[nodiscard]] std::optional<Charset> charset_of(std::string_view name);

// UTF-16 is little endian with a byte order mark, as Windows writes it.
[[nodiscard]] Result<std::string> to_wire(std::string_view envelope, Charset charset);

}  // namespace mullion::wsman
