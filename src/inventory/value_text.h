// A value as text, as Python's str() has it: what a template inside of text becomes.
#pragma once

#include <string>

#include "inventory/value.h"

namespace mullion::inventory {

// True is "True", nothing is "" (Jinja's finalize in Ansible), a list is "[1, 'a']". A vaulted text must have
// been opened.
[[nodiscard]] std::string value_text(const Value& value);

// "a list", "a map" …, for errors.
[[nodiscard]] std::string_view kind_of(const Value& value);

}  // namespace mullion::inventory
