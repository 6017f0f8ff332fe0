#include "checks/keeps.h"

#include "checks/modes/process_use.h"

namespace mullion::checks {

bool keeps_sample(const ModeInfo& mode, const Words& words) {
    if (!mode.two_samples) return false;
    return mode.name != "processes" || ProcessUse::compares(words);
}

}  // namespace mullion::checks
