// Service/RootSDDL on its way to a fleet: who would shut everybody out hears of it before any host does.
#pragma once

#include <vector>

#include "client/config_path.h"
#include "core/result.h"

namespace mullion::cli {

// Descriptors that cannot be judged here (a domain's aliases, conditions) are left to the host. Errors:
// usage.invalid, unless `force`
[[nodiscard]] Result<void> keeps_somebody_in(const std::vector<client::ConfigAssignment>& wanted, bool force);

}  // namespace mullion::cli
