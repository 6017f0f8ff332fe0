// A check file as a mode, beside those that are compiled in.
#pragma once

#include <memory>

#include "checks/check_file/check_file.h"
#include "checks/mode.h"

namespace mullion::checks {

// Its options are those of all counters and --include, --exclude and --empty. What it gives holds the file.
[[nodiscard]] ModeInfo check_file_mode(std::shared_ptr<const CheckFile> check);

}  // namespace mullion::checks
