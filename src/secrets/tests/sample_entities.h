// Entities of every kind, for tests.
#pragma once

#include <cstdint>
#include <vector>

#include "secrets/entities/entity.h"

namespace mullion::secrets {

// One of each form of secrets.md 1.3, and of each of ours.
[[nodiscard]] std::vector<Entity> sample_entities();
// A valid one, of any kind, with texts that are easily misread: null, quotes, colons, other scripts.
[[nodiscard]] Entity random_entity(std::uint32_t seed);

}  // namespace mullion::secrets
