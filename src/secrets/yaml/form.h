// The forms in which an entity is written: Harness's YAML (secrets.md 1.3) with some keys of ours. What is
// stored, shown and applied, and what the options of the command line set, has this one shape.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

#include "core/result.h"
#include "secrets/entities/entity.h"
#include "secrets/yaml/fields.h"
#include "yaml/yaml.h"

namespace mullion::secrets {

// {"secret": {…}} or {"connector": {…}}. Every switch is in it; what is absent has no default but none.
[[nodiscard]] nlohmann::ordered_json form_of(const Entity& entity);

// The shape alone: types, known keys, references. The rules are validate.h's. Errors: secrets.invalid
[[nodiscard]] Result<Entity> entity_of(const yaml::Node& document, const Source& source);

// JSON as if it had been read from YAML; all of it is at line 1.
[[nodiscard]] yaml::Node node_of(const nlohmann::ordered_json& json);

// Fields that differ, as "spec.auth.spec.username"; a list counts as one.
[[nodiscard]] std::vector<std::string> changed_fields(const Entity& before, const Entity& after);

}  // namespace mullion::secrets
