#include "winrm/error_code.h"

#include <fmt/format.h>

#include <charconv>

#include "winrm/letters.h"

namespace mullion::winrm {

namespace {

// "80072F8F", as event logs have it: eight digits, of which one is a letter.
bool is_bare_hex(std::string_view text) {
    return text.size() == 8 && text.find_first_of("abcdefABCDEF") != std::string_view::npos;
}

}  // namespace

std::optional<std::uint32_t> parse_error_code(std::string_view text) {
    const bool marked = same_letters(text.substr(0, 2), "0x");
    const bool hex = marked || is_bare_hex(text);
    const bool minus = text.starts_with('-');
    const auto digits = text.substr(marked ? 2 : minus ? 1 : 0);
    std::uint32_t value = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stop, failure] = std::from_chars(digits.data(), end, value, hex ? 16 : 10);
    if (digits.empty() || failure != std::errc() || stop != end) return std::nullopt;
    if (!minus) return value;
    if (value > std::uint32_t{1} << 31) return std::nullopt;
    return 0U - value;
}

std::uint32_t as_hresult(std::uint32_t code) {
    constexpr std::uint32_t largest_win32 = 0xFFFF;
    constexpr std::uint32_t of_win32 = 0x80070000;
    return code == 0 || code > largest_win32 ? code : of_win32 | code;
}

std::string error_number(std::uint32_t code) {
    return fmt::format("{} 0x{:X}", static_cast<std::int32_t>(code), code);
}

}  // namespace mullion::winrm
