// DIR/policy.d: what an administrator of many machines has decided. It wins over all else, and nobody changes
// it over the wire.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "state/config_layer.h"

namespace mullion::state {

// All *.yml and *.yaml of the folder, in the order of their names: the last word on a setting counts. A
// folder that is missing says nothing. Errors: config.invalid with file and line, usage.file
[[nodiscard]] Result<ConfigLayer> read_policies(const std::string& folder);

// One file, over what is there: winrm.yaml's names, or those of Windows' policies. Errors: config.invalid
// with the line
[[nodiscard]] Result<void> read_policy(ConfigLayer& layer, std::string_view yaml_text);

}  // namespace mullion::state
