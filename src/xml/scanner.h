// From bytes to a tree: well-formed, namespaces in order, within limits, or an error that says where not.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "xml/document.h"
#include "xml/tree.h"

namespace mullion::xml {

// One pass over UTF-8 without a BOM, no recursion, no copy: the tree refers to `text`, in which references
// and line ends have been decoded.
[[nodiscard]] Result<Tree> read_tree(std::string& text, const Limits& limits);

// How errors of this room read.
[[nodiscard]] Error malformed_at(std::size_t offset, std::string_view what);

// Attributes of an element and of all that enclose it together, in multiples of Limits::attributes. It bounds
// what a look-up of a prefix may cost.
inline constexpr unsigned enclosing_attributes_factor = 4;

}  // namespace mullion::xml
