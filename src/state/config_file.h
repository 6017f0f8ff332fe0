// DIR/winrm.yaml.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "state/config_layer.h"
#include "yaml/yaml.h"

namespace mullion::state {

// Errors: config.invalid with the line and, for an unknown name, the nearest known one.
[[nodiscard]] Result<ConfigLayer> read_layer(std::string_view yaml_text);

// What it comes to over the presets, without command line and policy. Errors as above.
[[nodiscard]] Result<Config> read_config(std::string_view yaml_text);

// "Service:" and all below it, or one setting by its whole path. Errors as above.
[[nodiscard]] Result<void> read_setting(Settings& settings, const yaml::Node::Entry& entry);

// The file with nothing in it but this: names and order of Windows.
[[nodiscard]] std::string layer_yaml(const ConfigLayer& layer);

// The file with as little changed as can be, so that it says `wanted`: comments, order and spelling of the
// rest stay. Where it is written in a way that lines cannot be changed in, it is written anew, its comments
// in front. Errors: config.invalid, where the text itself cannot be read.
[[nodiscard]] Result<std::string> edit_layer(std::string_view yaml_text, const ConfigLayer& wanted);

}  // namespace mullion::state
