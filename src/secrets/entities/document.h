// An entity as the store keeps it: {"version":1,"secret":{…}} or {"version":1,"connector":{…}}, with the keys
// of Harness's YAML. One entity has one text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"
#include "secrets/entities/entity.h"

namespace mullion::secrets {

inline constexpr std::size_t largest_document = std::size_t{4} * 1024 * 1024;

// Errors: secrets.invalid (a text in it that is no UTF-8, or over largest_document: validate() says more)
[[nodiscard]] Result<std::string> write_document(const Entity& entity);
// Takes exactly what write_document() gives. Errors: secrets.store (made by a newer version),
// secrets.tampered (everything else)
[[nodiscard]] Result<Entity> read_document(std::string_view text);

}  // namespace mullion::secrets
