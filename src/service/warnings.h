// What an operator should know before others find it out.
#pragma once

#include <string>
#include <vector>

#include "service/settings.h"

namespace mullion::service {

// One sentence for each setting that is unsafe here.
[[nodiscard]] std::vector<std::string> unsafe_settings(const Config& config, bool keytab);

}  // namespace mullion::service
