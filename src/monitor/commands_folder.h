#pragma once

#include <string>

namespace mullion::monitor {

// The folder `commands` beside this program's file, for the end of every command's PATH. Empty where it is
// missing, or where somebody else than root and this process's user could put something into it.
[[nodiscard]] std::string commands_folder();

}  // namespace mullion::monitor
