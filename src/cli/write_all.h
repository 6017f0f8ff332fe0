// Writing to a descriptor whose reader may leave.
#pragma once

#include <string_view>

namespace mullion::cli {

// All of it, unbuffered; false when the reader is gone or the disk is full. SIGPIPE is ignored (main.cc).
[[nodiscard]] bool write_all(int descriptor, std::string_view bytes);

}  // namespace mullion::cli
