// One character of UTF-8 at a time, strict (Unicode 15, table 3-7): no overlong forms, no surrogates.
#pragma once

#include <string_view>

namespace mullion {

struct Utf8Character {
    char32_t code = 0;
    unsigned length =
        0;  // Bytes taken; for a malformed sequence its longest part that could begin a good one, at least 1.
    bool valid = false;
};

// The first character of `bytes`, which must not be empty.
[[nodiscard]] Utf8Character decode_utf8(std::string_view bytes);

}  // namespace mullion
