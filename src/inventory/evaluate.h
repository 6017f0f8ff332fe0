// Variables inside of variables: "{{ a }}", "{{ a.b }}", "{{ a['b'] }}", "{{ hostvars['web01'].a }}" and text
// around them. Nothing else of Jinja: a filter, a look-up, a test or a statement in a variable that is needed
// is an error.
#pragma once

#include <string_view>

#include "core/result.h"
#include "inventory/inventory.h"

namespace mullion::inventory {

// The value with every template in it (also inside of lists and maps) replaced, and vaulted text opened. A
// template that is the whole text keeps the type of what it names, as Ansible has it; one in text becomes
// text. Errors: inventory.variable (FILE:LINE: an undefined name, a loop, a construct that is not
// supported, by name), inventory.vault
[[nodiscard]] Result<Value> evaluate(const Inventory& inventory, HostIndex host, const Value& value);

struct Resolved {
    Value value;          // A vaulted text that is all of it stays closed.
    bool secret = false;  // A vaulted text is part of it.
};
// Likewise, for who keeps secrets apart: they open what is vaulted themselves.
[[nodiscard]] Result<Resolved> resolve(const Inventory& inventory, HostIndex host, const Value& value);

}  // namespace mullion::inventory
