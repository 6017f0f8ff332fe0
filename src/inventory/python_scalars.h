// Numbers and strings as Python writes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "inventory/value.h"

namespace mullion::inventory {

// Of a name: a letter, a digit, '_', or a byte of a letter beyond ASCII.
[[nodiscard]] bool is_python_word(char c);

// The number at `at`, which moves behind it: "5986", "0x1F", "1_000", "2.5e3"; `negative` where a minus stood
// before it. Nothing for what is no number, and for one that does not fit in 64 bits.
[[nodiscard]] std::optional<Value> python_number(std::string_view text, std::size_t& at,
                                                 bool negative = false);
[[nodiscard]] std::optional<Value> negated(Value number);

// The strings at `at`, joined: 'a', "b", '''c''', r'd', b'e'. Nothing for what is no string, an escape by a
// character's name, or half of a surrogate pair.
[[nodiscard]] std::optional<Value> python_strings(std::string_view text, std::size_t& at);

// What JSON makes of a key: text as it is, 1 "1", True "true". Nothing for lists and maps.
[[nodiscard]] std::optional<std::string> key_text(const Value& key);

// A float as Python's repr() has it: the shortest digits that read back the same, "1.0", "1e+16", "inf".
[[nodiscard]] std::string float_text(double number);

}  // namespace mullion::inventory
