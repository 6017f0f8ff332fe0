// pugixml's tree seen with namespaces. Only this room's sources include it, and pugixml.
#pragma once

#include <pugixml.hpp>

#include <optional>
#include <string_view>

#include "core/result.h"
#include "xml/document.h"

namespace mullion::xml {

inline constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";
inline constexpr std::string_view xmlns_namespace = "http://www.w3.org/2000/xmlns/";

struct QName {
    std::string_view prefix;
    std::string_view local;
};
[[nodiscard]] QName split_name(std::string_view name);

[[nodiscard]] inline bool is_element(pugi::xml_node node) {
    return node.type() == pugi::node_element;
}
[[nodiscard]] inline bool is_text(pugi::xml_node node) {
    return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata;
}

// The prefix that an attribute declares: "" for xmlns itself; nothing when it is no declaration.
[[nodiscard]] std::optional<std::string_view> declared_prefix(pugi::xml_attribute attribute);

// What a prefix means at this element; the empty prefix is the default namespace, "" when there is none.
[[nodiscard]] std::optional<std::string_view> resolve(pugi::xml_node element, std::string_view prefix);
// The namespaces of names; attributes without a prefix are in none.
[[nodiscard]] std::string_view space_of(pugi::xml_node element);
[[nodiscard]] std::string_view space_of(pugi::xml_node element, pugi::xml_attribute attribute);

// The next node in document order below `top`, without recursion; empty at the end.
[[nodiscard]] pugi::xml_node next_below(pugi::xml_node node, pugi::xml_node top);

// Namespaces in XML 1.0: every prefix declared, no attribute twice by its expanded name, reserved names kept.
[[nodiscard]] Result<void> check_namespaces(pugi::xml_node root);

// The only door between handles and nodes.
struct Access {
    static pugi::xml_node node(const Element& element) {
        return pugi::xml_node(static_cast<pugi::xml_node_struct*>(const_cast<void*>(element.node_)));
    }
    static Element element(pugi::xml_node node) { return Element(node.internal_object()); }
};

}  // namespace mullion::xml
