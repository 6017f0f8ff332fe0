// Variables of an inventory as JSON, secrets hidden.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string_view>

#include "core/result.h"
#include "inventory/inventory.h"

namespace mullion::cli {

enum class Secrets { hidden, revealed };

// The value with its types. Hidden, or else opened, are vaulted texts, values under names of secrets (also
// further down), texts that hold a private key, and passwords in URLs. Templates stay as they are written.
// Errors: inventory.vault (only where they are to be revealed)
[[nodiscard]] Result<nlohmann::ordered_json> to_json(const inventory::Inventory& inventory,
                                                     std::string_view name, const inventory::Value& value,
                                                     Secrets secrets);

}  // namespace mullion::cli
