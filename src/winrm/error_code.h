// The number that `winrm helpmsg` explains.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mullion::winrm {

// "0x80338012", "2150858770", "-2144108526", "8033802A"; nothing for text that is no 32-bit number.
[[nodiscard]] std::optional<std::uint32_t> parse_error_code(std::string_view text);

// A Win32 code (5, as faults have it) as winrm tells of it: inside an HRESULT, 0x80070005, which is what its
// COM interface gives for a fault ([MS-ERREF] 2.1.2, HRESULT_FROM_WIN32). Any other is one already.
[[nodiscard]] std::uint32_t as_hresult(std::uint32_t code);

// As winrm shows it behind "Error number: ", signed and in hex: "-2144108526 0x80338012".
[[nodiscard]] std::string error_number(std::uint32_t code);

}  // namespace mullion::winrm
