// One host of an inventory, for people and as JSON.
#pragma once

#include <functional>
#include <string>

#include "cli/value_json.h"
#include "core/result.h"
#include "inventory/inventory.h"

namespace mullion::cli {

// Its variables as one JSON object, as `ansible-inventory --host` has them. Errors: inventory.vault
[[nodiscard]] Result<std::string> variables_json(const inventory::Inventory& inventory,
                                                 inventory::HostIndex host, Secrets secrets);

// How it would be reached, by which variables of which lines, and every variable with its place. What is
// wrong with the host is part of the text. `warn` gets the planner's notices. Errors: inventory.vault
[[nodiscard]] Result<std::string> host_text(const inventory::Inventory& inventory, inventory::HostIndex host,
                                            Secrets secrets, const std::function<void(std::string)>& warn);

}  // namespace mullion::cli
