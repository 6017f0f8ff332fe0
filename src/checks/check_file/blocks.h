// The counters of a check file as the table that options and judgement are made from.
#pragma once

#include <vector>

#include "checks/check_file/check_file.h"
#include "checks/counters/counters.h"

namespace mullion::checks {

// The block of the rows comes first, then that of their number; where there is none of one, that is not
// there.
[[nodiscard]] std::vector<Block> blocks_of(const CheckFile& check);

}  // namespace mullion::checks
