// Whether a check has last values to keep between two runs.
#pragma once

#include "checks/mode.h"

namespace mullion::checks {

// Of a mode of two samples; of processes only where processor time is asked for, since plain counts must not
// leave a file behind, nor fail where none can be written.
[[nodiscard]] bool keeps_sample(const ModeInfo& mode, const Words& words);

}  // namespace mullion::checks
