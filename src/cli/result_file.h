// Results that go to a file: --output-file of checks.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mullion::cli {

// A regular file is replaced as a whole, where a name leads to it, and keeps its rights: who reads it
// meanwhile sees the old result or the new one. A device or a pipe that somebody reads is written into. Why
// it could not be; nothing where it was.
[[nodiscard]] std::optional<std::string> write_result(const std::string& path, std::string_view text);

}  // namespace mullion::cli
