// Where data beside tests is.
#pragma once

#include <string>

namespace mullion {

// The project's folder, without a slash at its end.
[[nodiscard]] const std::string& source_dir();

}  // namespace mullion
