#include "xml/namespaces.h"

#include <fmt/format.h>

#include <algorithm>

#include "xml/scanner.h"

namespace mullion::xml {
namespace {

constexpr std::size_t longest_shown = 80;

// Prefixes are a letter or two: a call of memcmp() for each would cost more than the comparison.
bool same_prefix(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] != b[i]) return false;
    return true;
}

Error not_declared(std::string_view prefix, std::size_t at) {
    return malformed_at(at, fmt::format("the prefix {} is not declared", prefix.substr(0, longest_shown)));
}

}  // namespace

Namespaces::Namespaces() {
    declarations_.reserve(16);
    open_.reserve(16);
}

void Namespaces::declare_around(std::span<const Attribute> declarations) {
    declarations_.assign(declarations.begin(), declarations.end());
}

// "Namespaces in XML 1.0" 2.2 and 3.
Result<void> Namespaces::declare(const Attribute& attribute, std::string_view prefix, std::size_t at) {
    const auto uri = attribute.value;
    if (prefix == "xmlns") return malformed_at(at, "the prefix xmlns may not be declared");
    if ((prefix == "xml") != (uri == xml_namespace))
        return malformed_at(at, "xml and its namespace belong together");
    if (uri == xmlns_namespace) return malformed_at(at, "the namespace of xmlns may not be declared");
    if (!prefix.empty() && uri.empty()) return malformed_at(at, "a prefix may not be undeclared");
    declarations_.push_back({attribute.name, prefix, xmlns_namespace, uri});
    return {};
}

std::optional<std::string_view> Namespaces::find(std::string_view prefix) const {
    for (auto at = declarations_.size(); at > 0; --at)
        if (same_prefix(declarations_[at - 1].local, prefix)) return declarations_[at - 1].value;
    if (prefix == "xml") return xml_namespace;
    return std::nullopt;
}

Result<void> Namespaces::open(const QName& name, std::span<Attribute> attributes, std::string_view& space,
                              std::size_t at) {
    open_.push_back(declarations_.size());
    for (const auto& attribute : attributes)
        if (const auto prefix = declared_prefix(attribute.name)) MULLION_TRY(declare(attribute, *prefix, at));
    const auto own = prefix_of(name.whole, name.local);
    const auto found = own == "xmlns" ? std::nullopt : find(own);
    if (!found && !own.empty()) return not_declared(own, at);
    space = found.value_or(std::string_view());
    for (auto& attribute : attributes) {
        if (const auto prefix = declared_prefix(attribute.name)) {
            attribute.space = xmlns_namespace;
            attribute.local = *prefix;
        } else if (const auto outer = prefix_of(attribute.name, attribute.local); !outer.empty()) {
            const auto its = find(outer);
            if (!its) return not_declared(outer, at);
            attribute.space = *its;
        }
        const auto before = attributes.first(static_cast<std::size_t>(&attribute - attributes.data()));
        for (const auto& other : before)
            if (other.local == attribute.local && other.space == attribute.space)
                return malformed_at(at, fmt::format("the attribute {} is given twice",
                                                    attribute.local.substr(0, longest_shown)));
    }
    return {};
}

bool Namespaces::open(const QName& name, std::string_view& space) {
    open_.push_back(declarations_.size());
    const auto prefix = prefix_of(name.whole, name.local);
    for (auto at = declarations_.size(); at > 0; --at) {
        if (!same_prefix(declarations_[at - 1].local, prefix)) continue;
        space = declarations_[at - 1].value;
        return true;
    }
    space = prefix == "xml" ? xml_namespace : std::string_view();
    return prefix.empty() || !space.empty();
}

Error Namespaces::undeclared(const QName& name, std::size_t at) {
    return not_declared(prefix_of(name.whole, name.local), at);
}

void Namespaces::close() {
    declarations_.resize(open_.back());
    open_.pop_back();
}

}  // namespace mullion::xml
