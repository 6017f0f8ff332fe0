// In which forms a secret value may come out of somewhere: what is looked for in outputs.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/secret.h"

namespace mullion::secrets {

// A shorter value, or line of one, would be found in too much that is none (Harness's own limit).
inline constexpr std::size_t shortest_masked = 3;
// An encoded form is looked for from so many bytes on: three letters of base64 are in every text. So base64
// of a value's UTF-8 is found from 5 bytes on, and the other forms from 3.
inline constexpr std::size_t shortest_encoded = 6;
// Up to this a value is looked for as a whole and in every form.
inline constexpr std::size_t longest_whole = 8 * 1024;
// Of a longer one each line, of so much of it.
inline constexpr std::size_t most_of_long = 1024 * 1024;

struct Forms {
    enum class Coverage {
        all,
        lines,  // Longer than longest_whole: its lines, or pieces of very long ones, as they are and in
                // UTF-16.
        part,   // Longer than most_of_long: the same, of its beginning.
        none,   // Too short.
    };
    Coverage coverage = Coverage::none;
    std::vector<Secret> texts;  // Not in order; one may be there twice.
};

// Line ends behind the value are not part of it. Of one that has several lines, each line is looked for, too:
// without the blanks around it, and when it has a letter or a digit (a line of dashes is in every table).
[[nodiscard]] Forms forms_of(const Secret& value);
// The same with the value and its lines as they are and in UTF-16 alone: for when there are too many.
[[nodiscard]] Forms plain_forms_of(const Secret& value);

}  // namespace mullion::secrets
