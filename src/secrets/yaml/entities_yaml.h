// YAML with one or more entities, in Harness's forms (secrets.md 1.3): what `mullion apply -f` reads and
// `show --output yaml` writes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "secrets/entities/entity.h"

namespace mullion::secrets {

struct WrittenEntity {
    Entity entity;
    unsigned line = 1;
    // False: a secret without secretManagerIdentifier. The built-in one stands there until plan() knows
    // better.
    bool names_manager = true;
};

// Valid ones, each identity once. Never a value: inline secret text is refused in Harness's words. Errors:
// secrets.invalid ("FILE:LINE: what")
[[nodiscard]] Result<std::vector<WrittenEntity>> read_entities(std::string_view text,
                                                               const std::string& file);

// One document, ending with a line end; read_entities() gives the same entity. Several are put together with
// "---\n" between them.
[[nodiscard]] std::string entity_yaml(const Entity& entity);

}  // namespace mullion::secrets
