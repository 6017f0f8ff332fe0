// Names and attributes as readers of this room hand them out: views, nothing owned.
#pragma once

#include <optional>
#include <string_view>

namespace mullion::xml {

inline constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";
inline constexpr std::string_view xmlns_namespace = "http://www.w3.org/2000/xmlns/";

struct QName {
    std::string_view whole;  // As written: "prefix:local", or the local part alone.
    std::string_view local;
};
[[nodiscard]] std::string_view prefix_of(std::string_view whole, std::string_view local);

struct Attribute {
    std::string_view name;   // As written.
    std::string_view local;  // Of a declaration: the prefix that it declares.
    std::string_view space;  // Attributes without a prefix are in none.
    std::string_view value;
};

// The prefix that an attribute declares: "" for xmlns itself; nothing when it is no declaration.
[[nodiscard]] std::optional<std::string_view> declared_prefix(std::string_view attribute_name);

}  // namespace mullion::xml
