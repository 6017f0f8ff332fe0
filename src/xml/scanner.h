// Whether bytes are a well-formed document within limits. Asked before pugixml, which takes far more than
// XML: text around the root, second roots, unknown entities, any bytes at all (and any depth).
#pragma once

#include <string_view>

#include "core/result.h"
#include "xml/document.h"

namespace mullion::xml {

// One pass over UTF-8 without a BOM, no recursion, no copy; namespaces are checked later, on the tree.
[[nodiscard]] Result<void> check_syntax(std::string_view text, const Limits& limits);

// How errors of this room read.
[[nodiscard]] Error malformed_at(std::size_t offset, std::string_view what);

// Attributes of an element and of all that enclose it together, in multiples of Limits::attributes. It bounds
// what a look-up of a prefix may cost.
inline constexpr unsigned enclosing_attributes_factor = 4;

}  // namespace mullion::xml
