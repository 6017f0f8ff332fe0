// The words of an expression between "{{" and "}}".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mullion::inventory {

struct Token {
    enum class Kind { name, number, string, mark, end };
    Kind kind = Kind::end;
    std::string text;  // Of a string, without its quotes and escapes.
    std::int64_t number = 0;
    std::size_t place = 0;  // In the expression.
};

struct Tokens {
    std::vector<Token> tokens;  // The last one is the end.
    std::size_t length = 0;     // Of the expression, up to "}}" or "-}}".
    bool strip_after = false;   // It ends in "-}}".
};

[[nodiscard]] bool is_template_blank(char c);
[[nodiscard]] bool is_template_word(char c);  // May be part of a name.

// From behind "{{" up to "}}", which must be there. Errors: inventory.variable
[[nodiscard]] Result<Tokens> tokenize(std::string_view text);

}  // namespace mullion::inventory
