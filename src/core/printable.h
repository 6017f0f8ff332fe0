// Text from elsewhere, made fit to be shown: it must not drive the terminal of whoever reads it.
#pragma once

#include <string>
#include <string_view>

namespace mullion {

// True for what a terminal obeys instead of showing it (C0, DEL, C1), for U+2028 and U+2029, which end a line
// or a paragraph, and for what is shown in another order than it stands there: U+061C, U+200E, U+200F, U+202A
// to U+202E and U+2066 to U+2069 turn the direction of writing.
[[nodiscard]] bool steers(char32_t code);

// Such a character in letters: "\x1b", "\u202e".
[[nodiscard]] std::string in_letters(char32_t code);
// Bytes that are no text, in letters: "\x9b\xff".
[[nodiscard]] std::string in_letters(std::string_view bytes);

// One line in which nothing steers. What does, line ends too, is in letters, and so is every byte that is no
// UTF-8: some terminals obey 0x9b alone.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace mullion
