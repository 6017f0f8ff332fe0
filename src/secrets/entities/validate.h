// The rules of every field (secrets.md 1.1 to 1.3, 2.1 and 2.3), in Harness's words where it has some.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "secrets/entities/entity.h"

namespace mullion::secrets {

// What is wrong with an entity by itself, and in which field of its form: a reader of files knows its line.
struct Fault {
    std::string field;  // "spec.auth.spec.username"
    std::string what;   // "Key Arn cannot be empty"
};
[[nodiscard]] std::optional<Fault> fault_of(const Entity& entity);

// Errors: secrets.invalid ("WHAT (FIELD of secret ID of SCOPE)")
[[nodiscard]] Result<void> validate(const Entity& entity);

// What is allowed and worth knowing: unchecked certificates, a port of the other scheme. A line for each.
[[nodiscard]] std::vector<std::string> notes_of(const Entity& entity);

}  // namespace mullion::secrets
