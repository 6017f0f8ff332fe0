// The counts as JSON.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "simulate/ledger.h"

namespace mullion::simulate {

// One line: {"schema":1,"totals":{…},"repeated_commands":[…],"hosts":{NAME:{…}}}; hosts that nobody spoke to
// are left out.
[[nodiscard]] std::string counts_json(const std::vector<std::pair<std::string, Counts>>& hosts);

}  // namespace mullion::simulate
