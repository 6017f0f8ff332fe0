// What the readers of configuration files share. Internal to the room.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "core/nearest.h"
#include "core/result.h"
#include "state/config_layer.h"
#include "wsman/config_table.h"
#include "yaml/yaml.h"

namespace mullion::state {

// CertMapping, Security, Groups, UseLoginShell: Windows has no such settings, or has them elsewhere.
[[nodiscard]] bool is_in_the_file_alone(std::string_view key);

// Nothing stands there by that name. A link that leads nowhere does, and what cannot be looked at: taken for
// missing, either would silently withdraw what it says.
[[nodiscard]] bool is_missing(const std::string& path);

[[nodiscard]] inline Error at_line(unsigned line, std::string_view what) {
    return {ErrorId::config_invalid, fmt::format("line {}: {}", line, what)};
}

[[nodiscard]] inline std::string suggestion(std::string_view near) {
    return near.empty() ? std::string() : fmt::format("; did you mean {}?", near);
}

// "Service:" and all below it, or one setting by its whole path; `path` is the entry's own.
[[nodiscard]] Result<void> read_values(ConfigLayer& layer, const std::string& path,
                                       const yaml::Node::Entry& entry);
// "Listener:"
[[nodiscard]] Result<void> read_listeners(ConfigLayer& layer, const yaml::Node::Entry& entry);
// "CertMapping:"
[[nodiscard]] Result<void> read_mappings(ConfigLayer& layer, const yaml::Node::Entry& entry);

// "true", "yes", "on" and their opposites, in either case.
[[nodiscard]] Result<bool> read_boolean(const yaml::Node::Entry& entry);

// A value of a listener or a mapping, as the service spells it. `resource` is its path below winrm/config.
[[nodiscard]] Result<std::string> instance_text(std::string_view resource, std::string_view name,
                                                const yaml::Node::Entry& entry);

}  // namespace mullion::state
