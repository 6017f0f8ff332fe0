// A variable's value as the option table takes it: text, whatever YAML made of it.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"
#include "inventory/evaluate.h"

namespace mullion::inventory {

// True is "True", 5986 "5986", a list "a,b" where the option takes one. A vaulted text is opened. Errors:
// inventory.variable (a map, or a list where one value is wanted), inventory.vault
[[nodiscard]] Result<std::string> option_text(const Inventory& inventory, const Resolved& resolved,
                                              std::string_view type);
// What Ansible takes for true; whatever else is text is an error.
[[nodiscard]] Result<bool> option_bool(const Inventory& inventory, const Resolved& resolved);
// Like option_text, without leaving clear copies of it. Errors never repeat it.
[[nodiscard]] Result<Secret> option_secret(const Inventory& inventory, Resolved resolved);

}  // namespace mullion::inventory
