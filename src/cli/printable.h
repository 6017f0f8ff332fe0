// Text from elsewhere, made fit to be shown: a host must not drive the operator's terminal through an error
// message.
#pragma once

#include <string>
#include <string_view>

namespace mullion::cli {

// Valid UTF-8 without control characters (C0, DEL, C1); each becomes "\x1b". Line breaks and tabs become
// blanks.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace mullion::cli
