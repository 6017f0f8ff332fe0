// `mullion-centreon`.
#pragma once

#include "cli/namesakes.h"

namespace mullion::cli {

// As Centreon's centreon_plugins.pl, for its plugin os::windows::wsman::plugin. Passwords among the words are
// wiped as soon as they were read.
[[nodiscard]] int run_centreon(Words words);

}  // namespace mullion::cli
