#include "xml/characters.h"
#include "xml/document.h"
#include "xml/tree.h"

namespace mullion::xml {
namespace {

bool named(const Node& node, std::string_view space, std::string_view local) {
    return node.local == local && node.space == space && node.is_element();
}

const Node* first_child(const Node* node) {
    return node == nullptr ? nullptr : node->first_child();
}

// The first of `node` and those after it that is an element.
Element element_from(const Node* node) {
    while (node != nullptr && !node->is_element()) node = node->next_sibling();
    return Access::element(node);
}

}  // namespace

std::string_view Element::local() const {
    return node_ == nullptr ? std::string_view() : Access::node(*this)->local;
}

std::string_view Element::space() const {
    return node_ == nullptr ? std::string_view() : Access::node(*this)->space;
}

bool Element::is(std::string_view space, std::string_view local) const {
    return node_ != nullptr && named(*Access::node(*this), space, local);
}

std::optional<std::string_view> Element::text_view() const {
    const auto* only = first_child(Access::node(*this));
    if (only == nullptr) return std::string_view();
    if (only->is_element() || only->next_sibling() != nullptr) return std::nullopt;
    return only->value;
}

std::string Element::text() const {
    if (const auto whole = text_view()) return std::string(*whole);
    std::string joined;
    const auto* top = Access::node(*this);
    for (const auto* node = next_below(top, top); node != nullptr; node = next_below(node, top)) {
        if (node->is_text()) joined += node->value;
    }
    return joined;
}

std::string Element::trimmed() const {
    const auto trim = [](std::string_view value) {
        while (!value.empty() && is_space(value.back())) value.remove_suffix(1);
        while (!value.empty() && is_space(value.front())) value.remove_prefix(1);
        return std::string(value);
    };
    const auto whole = text_view();
    return trim(whole ? *whole : text());
}

std::optional<std::string> Element::attribute(std::string_view space, std::string_view local) const {
    if (node_ == nullptr) return std::nullopt;
    for (const auto& attribute : Access::node(*this)->attributes) {
        if (attribute.local == local && attribute.space == space && space != xmlns_namespace)
            return std::string(attribute.value);
    }
    return std::nullopt;
}

Element Element::first(std::string_view space, std::string_view local) const {
    for (const auto* child = first_child(Access::node(*this)); child != nullptr;
         child = child->next_sibling()) {
        if (named(*child, space, local)) return Access::element(child);
    }
    return {};
}

Element Element::first() const {
    return element_from(first_child(Access::node(*this)));
}

Element Element::next() const {
    return node_ == nullptr ? Element() : element_from(Access::node(*this)->next_sibling());
}

std::vector<Element> Element::children() const {
    std::vector<Element> found;
    for (auto child = first(); child; child = child.next()) found.push_back(child);
    return found;
}

std::vector<Element> Element::children(std::string_view space, std::string_view local) const {
    std::vector<Element> found;
    for (const auto* child = first_child(Access::node(*this)); child != nullptr;
         child = child->next_sibling()) {
        if (named(*child, space, local)) found.push_back(Access::element(child));
    }
    return found;
}

std::optional<std::string> Element::namespace_of(std::string_view prefix) const {
    if (node_ == nullptr) return prefix.empty() ? std::optional<std::string>("") : std::nullopt;
    const auto uri = resolve(*Access::node(*this), prefix);
    if (!uri) return std::nullopt;
    return std::string(*uri);
}

}  // namespace mullion::xml
