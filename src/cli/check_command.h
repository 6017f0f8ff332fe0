// `mullion check`.
#pragma once

#include "cli/namesakes.h"

namespace mullion::cli {

// The words behind the command's name. Its options are those of the mode, so it reads its words itself.
[[nodiscard]] int run_check_command(Words words);

}  // namespace mullion::cli
