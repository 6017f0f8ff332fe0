// A line as a POSIX shell would part it into words: the form of hosts in INI inventories.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mullion::inventory {

// Quotes group, a backslash takes the next character as it is (inside of double quotes only before '"' and
// itself), and '#' outside of quotes begins a comment, also in the middle of a word, as Ansible reads it.
// Errors: inventory.invalid, without file and line (a quote that is not closed)
[[nodiscard]] Result<std::vector<std::string>> split_words(std::string_view line);

}  // namespace mullion::inventory
