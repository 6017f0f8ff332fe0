// DIR/winrm.yaml.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "service/settings.h"
#include "yaml/yaml.h"

namespace mullion::service {

// Errors: config.invalid with the line and, for an unknown name, the nearest known one.
[[nodiscard]] Result<Config> read_config(std::string_view yaml_text);

// "Service:" and all below it, or one setting by its whole path. Errors as above.
[[nodiscard]] Result<void> read_setting(Settings& settings, const yaml::Node::Entry& entry);

}  // namespace mullion::service
