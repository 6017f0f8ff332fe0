// RFC 4648 base64, strict: padding required, no foreign characters.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mullion::encoding {

[[nodiscard]] std::string base64_encode(std::string_view bytes);

// Nothing for text that is not base64. XML white space between the characters is skipped (senders wrap
// lines).
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

}  // namespace mullion::encoding
