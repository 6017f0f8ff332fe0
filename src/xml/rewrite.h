// A document that was read, written again: indented for people, or with a few elements changed.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "xml/document.h"

namespace mullion::xml {

inline constexpr std::string_view xsi_namespace = "http://www.w3.org/2001/XMLSchema-instance";

// What becomes of an element that holds no other.
struct Change {
    enum class Kind { text, nil, leave_out };
    Element element;
    Kind kind = Kind::text;
    std::string_view text;  // A change to text takes an xsi:nil away.
};

// The root with all in it, as it was but for the changes.
[[nodiscard]] std::string rewritten(const Element& root, std::span<const Change> changes);

// The root with a line for each element, four blanks for each level; elements that hold text of their own in
// one line with all that is in them. White space between elements goes.
[[nodiscard]] std::string indented(const Element& root);

// Its attributes that are in no namespace, in their order; valid as long as the Document.
struct PlainAttribute {
    std::string_view local, value;
};
[[nodiscard]] std::vector<PlainAttribute> plain_attributes(const Element& element);

// Whether it holds text itself, beside what is in its elements; white space alone is none.
[[nodiscard]] bool has_own_text(const Element& element);

}  // namespace mullion::xml
