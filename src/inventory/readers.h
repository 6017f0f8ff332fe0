// The two languages of inventory files. Both read one file into the model; no I/O here.
#pragma once

#include <string_view>

#include "core/result.h"
#include "inventory/model.h"

namespace mullion::inventory {

// Ansible's INI: hosts with key=value pairs, [group], [group:vars], [group:children], ranges, values as
// Python literals where they are. Errors: inventory.invalid, "FILE:LINE: …"
[[nodiscard]] Result<void> read_ini(Model& model, std::uint32_t file, std::string_view text);

// Ansible's YAML: group → hosts, vars, children. JSON is YAML. Errors: inventory.invalid,
// usage.unsupported (the configuration of an inventory plugin)
[[nodiscard]] Result<void> read_yaml(Model& model, std::uint32_t file, std::string_view text);

// A file of variables: host_vars/, group_vars/, -e @FILE. JSON is YAML. An empty one is no variables.
// Errors: inventory.invalid
[[nodiscard]] Result<Variables> read_variables(Model& model, std::uint32_t file, std::string_view text);

// What a scalar without quotes means: YAML 1.1's booleans, numbers, null (as PyYAML reads them), or
// Python's literals (as INI host lines have them).
[[nodiscard]] Value yaml_scalar(std::string_view text);
[[nodiscard]] Value python_literal(std::string_view text);

}  // namespace mullion::inventory
