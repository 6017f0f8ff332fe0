// Letters and their case, by themselves and whatever the language, as Windows compares names.
#pragma once

#include <string>

namespace mullion::encoding {

// One letter for one: ß stays. The letters are those whose upper case has them as its lower case again, and
// the final sigma; the dotless i, the long s and the micro sign stay.
[[nodiscard]] char32_t upper_case(char32_t code);
// The small letter of its upper case: the same for all that differ in case alone.
[[nodiscard]] char32_t folded_case(char32_t code);

// Each UTF-16LE unit by itself; a surrogate is no letter.
// pyspnego and gss-ntlmssp make SS of ß and I of ı: with such a name they do not agree with Windows either.
void to_upper_case(std::string& utf16_little);

}  // namespace mullion::encoding
