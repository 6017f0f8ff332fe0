// Patterns of LIKE: % for any text, _ for one character, [a-f] or [abc] for one of those, [^…] for one of
// others.
#pragma once

#include <cstddef>
#include <string_view>
#include <variant>
#include <vector>

namespace mullion::wql {

struct LikeFault {
    bool too_long = false;
    const char* expected = "";
};

class LikePattern {
public:
    struct Range {
        char32_t first = 0, last = 0;  // Both are in it, and folded.
        bool operator==(const Range&) const = default;
    };
    struct Element {
        enum class Kind { text, one, many, set, other };
        Kind kind = Kind::text;
        std::vector<Range> ranges;  // Of `text` one; of `set` and `other` at least one.
        bool operator==(const Element&) const = default;
    };

    // In time that grows with the product of both lengths at most, whatever the pattern: only the last % is
    // ever tried again.
    [[nodiscard]] bool matches(std::string_view text) const;

    bool operator==(const LikePattern&) const = default;

private:
    friend std::variant<LikePattern, LikeFault> parse_like(std::string_view, std::size_t);
    std::vector<Element> elements_;
};

// Any text is a pattern but one whose [ has no ], no character, or a range that runs backwards.
[[nodiscard]] std::variant<LikePattern, LikeFault> parse_like(std::string_view text,
                                                              std::size_t most_elements);

}  // namespace mullion::wql
