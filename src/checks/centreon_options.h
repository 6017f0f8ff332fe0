// The options of Centreon's plugins that are of no mode and no output, by the rounds in which it reads them.
#pragma once

#include <vector>

#include "checks/options.h"

namespace mullion::checks {

[[nodiscard]] const std::vector<OptionSpec>& centreon_global_options();  // Read first: --plugin, --help …
[[nodiscard]] const std::vector<OptionSpec>& centreon_plugin_options();  // Then: --mode …
[[nodiscard]] const std::vector<OptionSpec>& centreon_wsman_options();   // With the mode's: --hostname …

}  // namespace mullion::checks
