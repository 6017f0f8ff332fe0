// The words of a condition.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mullion::checks {

struct ConditionToken {
    enum class Kind : std::uint8_t { end, number, text, quoted, variable, regex, word, sign };
    Kind kind = Kind::end;
    std::string text = {};   // A quoted text has variables in it; a text has none.
    std::string flags = {};  // Of a regex.
    std::size_t place = 0;
};

// At most 4 KiB and 1000 words. Errors: usage.invalid, as Condition::compile says.
[[nodiscard]] Result<std::vector<ConditionToken>> read_words(std::string_view text, std::string_view option);

[[nodiscard]] Error wrong_condition(std::string_view option, std::size_t place, const std::string& why);

// The name of a variable at `at`, "%{name}" or "%(name)", which it steps over; empty where none stands.
[[nodiscard]] std::string take_variable(std::string_view text, std::size_t& at);

}  // namespace mullion::checks
