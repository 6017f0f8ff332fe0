// UTF-8 and UTF-16, strict both ways: no lone surrogates, no overlong forms.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mullion::encoding {

enum class ByteOrder { little, big };

[[nodiscard]] bool is_utf8(std::string_view bytes);
[[nodiscard]] std::optional<std::string> utf8_to_utf16(std::string_view text, ByteOrder order);
[[nodiscard]] std::optional<std::string> utf16_to_utf8(std::string_view bytes, ByteOrder order);
// The beginning of `text` where it is longer than `most` bytes, no character of it cut, and how much it was:
// for text of others that is only shown.
[[nodiscard]] std::string shortened(std::string text, std::size_t most);
// Every malformed sequence becomes U+FFFD; for text that is only shown.
[[nodiscard]] std::string to_valid_utf8(std::string_view bytes);

}  // namespace mullion::encoding
