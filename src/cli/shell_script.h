// A shell script that this process made, run in its place.
#pragma once

#include <string>

namespace mullion::cli {

// Becomes /bin/sh with that script, which lies in memory alone, and this one word. The script finds this
// program as $MULLION, and standard input as it is. Returns only when that fails, with the exit status.
[[nodiscard]] int become_shell_script(const std::string& script, const char* word);

}  // namespace mullion::cli
