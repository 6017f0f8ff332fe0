#include "xml/characters.h"
#include "xml/document.h"
#include "xml/tree.h"

namespace mullion::xml {
namespace {

bool named(pugi::xml_node node, std::string_view space, std::string_view local) {
    return split_name(node.name()).local == local && space_of(node) == space;
}

}  // namespace

std::string_view Element::local() const {
    return split_name(Access::node(*this).name()).local;
}

std::string_view Element::space() const {
    return space_of(Access::node(*this));
}

bool Element::is(std::string_view space, std::string_view local) const {
    return node_ != nullptr && named(Access::node(*this), space, local);
}

std::optional<std::string_view> Element::text_view() const {
    const auto only = Access::node(*this).first_child();
    if (!only) return std::string_view();
    if (!is_text(only) || only.next_sibling()) return std::nullopt;
    return only.value();
}

std::string Element::text() const {
    if (const auto whole = text_view()) return std::string(*whole);
    std::string joined;
    const auto top = Access::node(*this);
    for (auto node = next_below(top, top); node; node = next_below(node, top)) {
        if (is_text(node)) joined += node.value();
    }
    return joined;
}

std::string Element::trimmed() const {
    std::string value = text();
    std::size_t end = value.size();
    while (end > 0 && is_space(value[end - 1])) --end;
    std::size_t begin = 0;
    while (begin < end && is_space(value[begin])) ++begin;
    value.resize(end);
    value.erase(0, begin);
    return value;
}

std::optional<std::string> Element::attribute(std::string_view space, std::string_view local) const {
    const auto node = Access::node(*this);
    for (const auto attribute : node.attributes()) {
        if (split_name(attribute.name()).local != local || declared_prefix(attribute)) continue;
        if (space_of(node, attribute) == space) return attribute.value();
    }
    return std::nullopt;
}

Element Element::first(std::string_view space, std::string_view local) const {
    for (const auto child : Access::node(*this).children()) {
        if (is_element(child) && named(child, space, local)) return Access::element(child);
    }
    return {};
}

Element Element::first() const {
    for (const auto child : Access::node(*this).children()) {
        if (is_element(child)) return Access::element(child);
    }
    return {};
}

std::vector<Element> Element::children() const {
    std::vector<Element> found;
    for (const auto child : Access::node(*this).children()) {
        if (is_element(child)) found.push_back(Access::element(child));
    }
    return found;
}

std::vector<Element> Element::children(std::string_view space, std::string_view local) const {
    std::vector<Element> found;
    for (const auto child : Access::node(*this).children()) {
        if (is_element(child) && named(child, space, local)) found.push_back(Access::element(child));
    }
    return found;
}

std::optional<std::string> Element::namespace_of(std::string_view prefix) const {
    const auto uri = resolve(Access::node(*this), prefix);
    if (!uri) return std::nullopt;
    return std::string(*uri);
}

}  // namespace mullion::xml
