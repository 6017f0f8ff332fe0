// A host's configuration as a file, in the form of winrm.yaml (docs/config.md): what `mullion config export`
// writes and `mullion config apply` reads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/config_plan.h"

namespace mullion::cli {

// What can be written; what policy sets, and what this version does not know, as comments.
[[nodiscard]] std::string config_yaml(std::string_view host, const client::ConfigRead& read);

// Errors: config.invalid, "FILE:LINE: why" with the nearest known name
[[nodiscard]] Result<std::vector<client::ConfigAssignment>> read_config_yaml(std::string_view text,
                                                                             const std::string& file);

}  // namespace mullion::cli
