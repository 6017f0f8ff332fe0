// "Did you mean …?"
#pragma once

#include <string_view>
#include <vector>

namespace mullion {

// The candidate that takes the fewest edits to reach (case aside); empty when even that one takes more than a
// third of its letters.
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       const std::vector<std::string_view>& candidates);

}  // namespace mullion
