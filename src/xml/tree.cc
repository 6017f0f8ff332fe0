#include "xml/tree.h"

namespace mullion::xml {

std::optional<std::string_view> resolve(const Node& element, std::string_view prefix) {
    for (const auto* node = &element; node != nullptr; node = node->parent()) {
        for (const auto& attribute : node->attributes) {
            if (declared_prefix(attribute.name) == prefix) return attribute.value;
        }
    }
    if (prefix.empty()) return std::string_view();
    if (prefix == "xml") return xml_namespace;
    return std::nullopt;
}

const Node* next_below(const Node* node, const Node* top) {
    if (const auto* child = node->first_child()) return child;
    for (; node != top; node = node->parent()) {
        if (const auto* sibling = node->next_sibling()) return sibling;
    }
    return nullptr;
}

}  // namespace mullion::xml
