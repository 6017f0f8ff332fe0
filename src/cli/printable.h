// Text from elsewhere, made fit to be shown: a host must not drive the operator's terminal, neither through
// an error message nor through its output.
#pragma once

#include <string>
#include <string_view>

#include "core/printable.h"

namespace mullion::cli {

using mullion::steers;

// One line of valid UTF-8 in which nothing steers: such a character becomes "\x1b" or "\u202e", line breaks
// and tabs become blanks.
[[nodiscard]] std::string printable(std::string_view text);

// JSON in which every character that steers is escaped: serialisers leave DEL, C1 and the marks as they are.
[[nodiscard]] std::string escaped_json(std::string json);

}  // namespace mullion::cli
