// The code pages of command shells: 65001 (UTF-8) and 437 (the original PC).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mullion::encoding {

// Each byte has a character; never fails.
[[nodiscard]] std::string cp437_to_utf8(std::string_view bytes);
// A character that 437 lacks becomes '?', as Windows does. Malformed UTF-8 likewise, byte by byte.
[[nodiscard]] std::string utf8_to_cp437(std::string_view text);

}  // namespace mullion::encoding
