// JSON as YAML's events. Ansible takes a text for JSON first, and for YAML when it is none: 1e3 is a number
// in JSON, and
// "\ud83d\ude00" one character.
#pragma once

#include <memory>
#include <string_view>

#include "yaml/events.h"

namespace mullion::inventory {

// Nothing where the text as a whole is not what Python takes for JSON (RFC 8259, and NaN, Infinity,
// -Infinity), or is no object or list. {"__ansible_vault": "…"} and {"__ansible_unsafe": "…"} are scalars
// with the tags !vault and !unsafe. `text` outlives it.
[[nodiscard]] std::unique_ptr<yaml::Events> read_json(std::string_view text, unsigned depth);

}  // namespace mullion::inventory
