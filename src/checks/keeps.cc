#include "checks/keeps.h"

#include "checks/modes/link_status.h"
#include "checks/modes/process_use.h"

namespace mullion::checks {

bool keeps_sample(const ModeInfo& mode, const Words& words) {
    if (!mode.two_samples) return false;
    // The state of adapters is of one look.
    if (mode.name == "interfaces") return !LinkStatus::is_alone(words, mode.options);
    return mode.name != "processes" || ProcessUse::compares(words);
}

}  // namespace mullion::checks
