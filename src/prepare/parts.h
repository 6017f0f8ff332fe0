// The files of powershell/, which scripts are put together from.
#pragma once

#include <string_view>

namespace mullion::prepare {

// "engine"; made by CMake of engine.ps1. Throws for a name that there is not.
[[nodiscard]] std::string_view powershell_part(std::string_view name);

}  // namespace mullion::prepare
