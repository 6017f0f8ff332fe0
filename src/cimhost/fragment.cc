#include "cimhost/fragment.h"

#include <fmt/core.h>

#include <charconv>

#include "cimhost/values.h"
#include "wsman/uris.h"
#include "xml/writer.h"

namespace mullion::cimhost {
namespace {

namespace wire = wsman::cim;

constexpr std::size_t longest_shown = 200;

cim::Failure wrong_path(std::string_view path, std::string_view why) {
    return refuse(code::fragment_path,
                  fmt::format("the fragment \"{}\" {}", cim::readable(path.substr(0, longest_shown)), why));
}

// Takes "[2]" off the end.
bool take_index(std::string_view& path, std::size_t& index) {
    if (!path.ends_with(']')) return true;
    const auto open = path.rfind('[');
    if (open == std::string_view::npos) return false;
    const auto digits = path.substr(open + 1, path.size() - open - 2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (error != std::errc() || end != digits.data() + digits.size() || index == 0) return false;
    path = path.substr(0, open);
    return true;
}

// The values that are meant; one of null where there is none.
std::optional<std::vector<wire::Value>> chosen(const Fragment& fragment, const cim::Value& value,
                                               const wire::ClassUri& form) {
    auto values = wire_values(value, form);
    if (fragment.index == 0) return values;
    if (!std::holds_alternative<cim::Array>(value) || fragment.index > values.size()) return std::nullopt;
    return std::vector<wire::Value>{values[fragment.index - 1]};
}

std::string text_item(const std::vector<wire::Value>& values) {
    xml::Writer out(256);
    out.open("w:XmlFragment").declare("w", wsman::ns::wsman);
    for (const auto& value : values) out.text(value.text);
    return out.close().take();
}

Or<std::string> element_item(std::string_view name, std::vector<wire::Value> values) {
    wire::Instance fragment;  // Without a class: written as a fragment.
    fragment.set(name, std::move(values));
    return read_or_refuse(wire::instance_item(fragment));
}

}  // namespace

Or<Fragment> parse_fragment(std::string_view path, std::string_view dialect) {
    if (!dialect.empty() && dialect != wsman::dialect::xpath)
        return refuse(code::fragment_dialect, "the fragment's dialect is not XPath level 1");
    Fragment fragment;
    auto rest = path;
    constexpr std::string_view text = "/text()";
    if (rest.ends_with(text)) {
        fragment.text = true;
        rest.remove_suffix(text.size());
    }
    if (!take_index(rest, fragment.index) || !wire::is_cim_name(rest))
        return wrong_path(path, "is none: NAME, NAME[1], NAME/text() and NAME[1]/text() are");
    fragment.property = rest;
    return fragment;
}

Or<std::string> fragment_item(const Fragment& fragment, const cim::Instance& instance,
                              const wire::ClassUri& form) {
    const auto at = instance.shape().find(fragment.property);
    if (!at)
        return wrong_path(fragment.property,
                          fmt::format("is no property of {}", instance.shape().definition().name));
    auto values = chosen(fragment, instance.values()[*at], form);
    if (!values) return wrong_path(fragment.property, fmt::format("has no value {}", fragment.index));
    if (fragment.text) return text_item(*values);
    return element_item(instance.shape().entries()[*at].property->name, std::move(*values));
}

}  // namespace mullion::cimhost
