// DIR/winrm.yaml.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "service/settings.h"

namespace mullion::service {

// Errors: config.invalid with the line and, for an unknown name, the nearest known one.
[[nodiscard]] Result<Config> read_config(std::string_view yaml_text);

}  // namespace mullion::service
