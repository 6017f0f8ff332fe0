// Text from elsewhere, made fit to be shown: a host must not drive the operator's terminal, neither through
// an error message nor through its output.
#pragma once

#include <string>
#include <string_view>

namespace mullion::cli {

// True for what a terminal obeys instead of showing it (C0, DEL, C1), or shows in another order than it
// stands there: U+061C, U+200E, U+200F, U+202A to U+202E and U+2066 to U+2069 turn the direction of writing.
[[nodiscard]] bool steers(char32_t code);

// One line of valid UTF-8 in which nothing steers: such a character becomes "\x1b" or "\u202e", line breaks
// and tabs become blanks.
[[nodiscard]] std::string printable(std::string_view text);

// JSON in which every character that steers is escaped: serialisers leave DEL, C1 and the marks as they are.
[[nodiscard]] std::string escaped_json(std::string json);

}  // namespace mullion::cli
