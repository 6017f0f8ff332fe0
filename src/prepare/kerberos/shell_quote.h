// Text as one word of a POSIX shell.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"

namespace mullion::prepare {

inline constexpr std::size_t longest_shell_word = 4096;

// In single quotes, inside of which nothing means anything but the quote itself (POSIX.1-2017, XCU 2.2.2).
// Control characters, line ends among them, are refused, as is what is longer than longest_shell_word: no
// option of ours is meant to have them. `what` is named in the error. Errors: usage.invalid
[[nodiscard]] Result<std::string> shell_quote(std::string_view text, std::string_view what);

}  // namespace mullion::prepare
