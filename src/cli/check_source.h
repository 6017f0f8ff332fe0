// Checks that are not compiled in: of a check file, or of a query on the command line.
#pragma once

#include <string_view>
#include <vector>

#include "checks/mode.h"
#include "checks/options.h"
#include "core/result.h"

namespace mullion::cli {

// Whether the first word of `mullion check` is the name of a file and not of a mode.
[[nodiscard]] bool is_check_file(std::string_view word);
// --file, --query and what goes with it, wherever they stand.
[[nodiscard]] checks::Words check_source(std::vector<std::string_view> words);

// The mode that these words describe; the one that only says what it takes, where they say nothing. The file
// is read here. Errors: usage.file, usage.invalid.
[[nodiscard]] Result<checks::ModeInfo> mode_of_source(const checks::Words& source);

}  // namespace mullion::cli
