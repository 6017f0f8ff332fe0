// Letters without their case, as far as names and values of machines go.
#pragma once

#include <string_view>

namespace mullion::wql {

// The small letter, by itself and whatever the language (encoding/letter_case.h). [MS-WMI] 2.2.1: strings are
// compared without case.
[[nodiscard]] char32_t fold(char32_t code);

// The first character of UTF-8 text, which must not be empty, folded, and taken off it. What is no UTF-8 is
// taken byte by byte, and equals nothing but the same byte.
[[nodiscard]] char32_t take_folded(std::string_view& text);

// < 0, 0 or > 0, character by character.
[[nodiscard]] int compare_text(std::string_view a, std::string_view b);

[[nodiscard]] bool same_name(std::string_view a, std::string_view b);

}  // namespace mullion::wql
