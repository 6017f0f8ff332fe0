#include "xml/tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "xml/scanner.h"

namespace mullion::xml {
namespace {

// The declarations in scope, innermost last.
struct Scope {
    struct Declaration {
        std::string_view prefix;
        std::string_view uri;
    };
    std::vector<Declaration> declarations;
    std::vector<std::size_t> marks;  // How many there were around each open element.

    void enter(pugi::xml_node element) {
        marks.push_back(declarations.size());
        for (const auto attribute : element.attributes()) {
            if (const auto prefix = declared_prefix(attribute))
                declarations.push_back({*prefix, attribute.value()});
        }
    }
    void leave() {
        declarations.resize(marks.back());
        marks.pop_back();
    }
    [[nodiscard]] std::optional<std::string_view> find(std::string_view prefix) const {
        const auto found =
            std::find_if(declarations.rbegin(), declarations.rend(),
                         [prefix](const Declaration& known) { return known.prefix == prefix; });
        if (found != declarations.rend()) return found->uri;
        if (prefix == "xml") return xml_namespace;
        return std::nullopt;
    }
};

Error wrong(pugi::xml_node element, std::string_view what) {
    return malformed_at(static_cast<std::size_t>(std::max<std::ptrdiff_t>(element.offset_debug(), 0)), what);
}

// "Namespaces in XML 1.0" 2.2 and 3.
Result<void> check_declaration(pugi::xml_node element, std::string_view prefix, std::string_view uri) {
    if (prefix == "xmlns") return wrong(element, "the prefix xmlns may not be declared");
    if ((prefix == "xml") != (uri == xml_namespace))
        return wrong(element, "xml and its namespace belong together");
    if (uri == xmlns_namespace) return wrong(element, "the namespace of xmlns may not be declared");
    if (!prefix.empty() && uri.empty()) return wrong(element, "a prefix may not be undeclared");
    return {};
}

struct ExpandedName {
    std::string_view space;
    std::string_view local;
    bool operator==(const ExpandedName&) const = default;
};

// `names` is only room to work in, kept between calls.
Result<void> check_attributes(pugi::xml_node element, const Scope& scope, std::vector<ExpandedName>& names) {
    names.clear();
    for (const auto attribute : element.attributes()) {
        ExpandedName name;
        if (const auto prefix = declared_prefix(attribute)) {
            MULLION_TRY(check_declaration(element, *prefix, attribute.value()));
            name = {xmlns_namespace, *prefix};
        } else {
            const QName qname = split_name(attribute.name());
            const auto space = qname.prefix.empty() ? std::string_view() : scope.find(qname.prefix);
            if (!space)
                return wrong(element,
                             fmt::format("the prefix {} is not declared", qname.prefix.substr(0, 80)));
            name = {*space, qname.local};
        }
        if (std::find(names.begin(), names.end(), name) != names.end()) {
            return wrong(element, fmt::format("the attribute {} is given twice", name.local.substr(0, 80)));
        }
        names.push_back(name);
    }
    return {};
}

}  // namespace

QName split_name(std::string_view name) {
    const auto colon = name.find(':');
    if (colon == std::string_view::npos) return {{}, name};
    return {name.substr(0, colon), name.substr(colon + 1)};
}

std::optional<std::string_view> declared_prefix(pugi::xml_attribute attribute) {
    const std::string_view name = attribute.name();
    if (!name.starts_with("xmlns")) return std::nullopt;
    if (name.size() == 5) return std::string_view();
    if (name[5] != ':') return std::nullopt;
    return name.substr(6);
}

std::optional<std::string_view> resolve(pugi::xml_node element, std::string_view prefix) {
    for (auto node = element; is_element(node); node = node.parent()) {
        for (const auto attribute : node.attributes()) {
            if (declared_prefix(attribute) == prefix) return attribute.value();
        }
    }
    if (prefix.empty()) return std::string_view();
    if (prefix == "xml") return xml_namespace;
    return std::nullopt;
}

std::string_view space_of(pugi::xml_node element) {
    return resolve(element, split_name(element.name()).prefix).value_or(std::string_view());
}

std::string_view space_of(pugi::xml_node element, pugi::xml_attribute attribute) {
    const auto prefix = split_name(attribute.name()).prefix;
    return prefix.empty() ? std::string_view() : resolve(element, prefix).value_or(std::string_view());
}

pugi::xml_node next_below(pugi::xml_node node, pugi::xml_node top) {
    if (const auto child = node.first_child()) return child;
    for (; node != top; node = node.parent()) {
        if (const auto sibling = node.next_sibling()) return sibling;
    }
    return {};
}

Result<void> check_namespaces(pugi::xml_node root) {
    Scope scope;
    std::vector<ExpandedName> names;
    auto node = root;
    while (node) {
        if (is_element(node)) {
            scope.enter(node);
            const auto prefix = split_name(node.name()).prefix;
            if (prefix == "xmlns" || (!prefix.empty() && !scope.find(prefix))) {
                return wrong(node, fmt::format("the prefix {} is not declared", prefix.substr(0, 80)));
            }
            if (node.first_attribute()) MULLION_TRY(check_attributes(node, scope, names));
            if (const auto child = node.first_child()) {
                node = child;
                continue;
            }
            scope.leave();
        }
        // Up to the next node that has a younger sibling.
        while (node != root && !node.next_sibling()) {
            node = node.parent();
            scope.leave();
        }
        node = node == root ? pugi::xml_node() : node.next_sibling();
    }
    return {};
}

}  // namespace mullion::xml
