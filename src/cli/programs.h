// Mullion's other executables: the service, its monitor, and what answers about CIM. They are apart so that
// `mullion run` does not load what only they need, and so that the monitor has nothing of the network in it.
#pragma once

#include <string>

#include "core/result.h"

namespace mullion::cli {

inline constexpr const char* service_program = "mullion-service";
inline constexpr const char* monitor_program = "mullion-monitor";
inline constexpr const char* cim_host_program = "mullion-cim-host";

// Beside this executable, or in ../libexec/mullion. Errors: usage.file
[[nodiscard]] Result<std::string> find_program(const std::string& name);

// Becomes that program, with the same words; returns only when that fails, with the exit status.
[[nodiscard]] int become_program(const std::string& name, const char* const* words);

}  // namespace mullion::cli
