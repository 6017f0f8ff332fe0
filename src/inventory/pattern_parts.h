// A host pattern in its parts: "web[0:2]:!web01:&prod".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace mullion::inventory {

// "[0]", "[-1]", "[1:3]", "[1:]" behind a part: which of its hosts, counted from 0, both ends included.
struct Subscript {
    std::int64_t first = 0;
    std::optional<std::int64_t> last;  // None: only the first.
    bool to_end = false;
};

struct PatternPart {
    enum class Kind { include, intersect, exclude };
    Kind kind = Kind::include;
    std::string text;        // As written, without '&' or '!'.
    std::string expression;  // Without the subscript.
    std::optional<Subscript> subscript;
};

// The parts in the order in which they apply: what is included, then intersections, then exclusions; all
// hosts, where nothing is included. Errors: usage.pattern (no part at all, or one without a name)
[[nodiscard]] Result<std::vector<PatternPart>> parse_pattern(std::string_view pattern);

}  // namespace mullion::inventory
