// The number that `winrm helpmsg` explains.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mullion::winrm {

// "0x80338012", "2150858770", "-2144108526", "8033802A"; nothing for text that is no 32-bit number.
[[nodiscard]] std::optional<std::uint32_t> parse_error_code(std::string_view text);

// As winrm shows it behind "Error number: ", signed and in hex: "-2144108526 0x80338012".
[[nodiscard]] std::string error_number(std::uint32_t code);

}  // namespace mullion::winrm
