// What PowerShell says when PSModulePath leads to where it may not go (KB4076842).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mullion::doctor {

// Has PowerShell say its PSModulePath, and load one of its own modules.
[[nodiscard]] std::string module_probe();

// Whether this is the failure to load a module of PowerShell's own, in what it wrote to either stream, CLIXML
// or not.
[[nodiscard]] bool tells_module_failure(std::string_view output);

// The parts of a PSModulePath, among other lines, that are on another machine: "\\files\modules".
[[nodiscard]] std::vector<std::string> shares_in(std::string_view output);

}  // namespace mullion::doctor
