// Rows of Win32_Process, of the modes processes and list-processes.
#pragma once

#include <string>

#include "checks/rows.h"
#include "core/result.h"

namespace mullion::checks {

inline constexpr const char* process_columns = "Name,ExecutionState,CommandLine,ExecutablePath,Handle";
inline constexpr const char* process_query =
    "select Name,ExecutionState,CommandLine,ExecutablePath,Handle from Win32_Process";

struct ProcessRow {
    std::string handle, name, status;
};
// Errors: wsman.malformed for a row without a Handle or a Name. `compat`: in Centreon's words for a status.
[[nodiscard]] Result<ProcessRow> process_row(const Row& row, bool compat);

}  // namespace mullion::checks
