// Text of the operator's inside a script: always a value, never a part of the program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mullion::prepare {

// A PowerShell expression for this text, in ASCII alone: 'it''s', or ('M' + [char]0x00FC + 'ller'). So
// neither the code page of a file nor PowerShell's other quotation marks (U+2018 and on, which it takes for
// ') matter. Text that is no UTF-8 is replaced.
[[nodiscard]] std::string literal(std::string_view text);
// @('a', 'b')
[[nodiscard]] std::string literal_list(const std::vector<std::string>& texts);
// Text of many lines, as an array of them that is joined: one to a line, so that it can be read. As one sum
// it would be thousands of operators deep, which PowerShell's parser and compiler go down one inside the
// other.
[[nodiscard]] std::string literal_lines(std::string_view text);
// For a comment: one line of printable ASCII; everything else becomes '?'.
[[nodiscard]] std::string comment_text(std::string_view text);

}  // namespace mullion::prepare
