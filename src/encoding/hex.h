#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mullion::encoding {

[[nodiscard]] std::string to_hex(std::string_view bytes);        // Lower case.
[[nodiscard]] std::string to_upper_hex(std::string_view bytes);  // As Windows prints thumbprints.
// Either case, an even number of digits, nothing else.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);

}  // namespace mullion::encoding
