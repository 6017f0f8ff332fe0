#include "wsman/cim/filter.h"

#include <array>
#include <set>

#include "wsman/cim/class_uri.h"
#include "wsman/cim/names.h"
#include "wsman/fault.h"
#include "wsman/values.h"

namespace mullion::wsman::cim {

namespace {

constexpr std::size_t most_properties = 1024;

Error wrong_filter(std::string what) {
    return bad_request(code::cannot_process_filter, std::move(what));
}

Result<Filter> read_query(const xml::Element& filter) {
    if (filter.first()) return wrong_filter("the WQL filter holds elements, not a query");
    auto query = filter.trimmed();
    if (query.empty()) return wrong_filter("the WQL filter is empty");
    if (query.size() > longest_query) return wrong_filter("the WQL filter is longer than 64 KB");
    return Filter(WqlFilter{std::move(query)});
}

// [MS-WSMV] 3.1.4.8: names once, values that stand for themselves in a query.
Result<Filter> read_selectors(const xml::Element& filter) {
    const auto set = filter.first(ns::wsman, "SelectorSet");
    if (!set || set.next()) return wrong_filter("the selector filter is not one SelectorSet");
    SelectorFilter read;
    std::set<std::string> seen;
    for (auto selector = set.first(); selector; selector = selector.next()) {
        auto name = selector.attribute("", "Name").value_or("");
        if (!selector.is(ns::wsman, "Selector") || !is_cim_name(name))
            return wrong_filter(
                "the selector filter has a selector without a name that a property could have");
        if (selector.first()) return wrong_filter("the selector " + name + " is a reference");
        if (!seen.insert(lower(name)).second) return wrong_filter("the selector " + name + " is there twice");
        if (read.selectors.size() == most_keys) return wrong_filter("the filter has more than 256 selectors");
        auto value = selector.text();
        if (value.find_first_of("\"'") != std::string::npos)
            return wrong_filter("the value of the selector " + name + " has a quote in it");
        if (value.size() > longest_key)
            return wrong_filter("the value of the selector " + name + " is too long");
        read.selectors.push_back({std::move(name), std::move(value)});
    }
    if (read.selectors.empty()) return wrong_filter("the selector filter has no selectors");
    return Filter(std::move(read));
}

// Where a part of the filter goes; nothing for one that is none. DSP0227 16.2, 16.3: of associations neither
// the class nor the role of the result is asked, being what they are.
std::string* part_of(AssociationFilter& filter, std::string_view name) {
    if (name == "ResultClassName") return &filter.result_class;
    if (name == "Role") return &filter.role;
    if (filter.associations) return nullptr;
    if (name == "AssociationClassName") return &filter.association_class;
    if (name == "ResultRole") return &filter.result_role;
    return nullptr;
}

Result<void> read_part(AssociationFilter& filter, const xml::Element& part, bool& has_object) {
    const std::string name(part.local());
    if (part.space() != ns::binding) return wrong_filter("the association filter has an element " + name);
    if (name == "Object") {
        if (std::exchange(has_object, true)) return wrong_filter("the association filter has two objects");
        auto object = read_reference(part);
        if (!object) return wrong_filter("the association filter's Object: " + object.error().detail);
        filter.object = std::move(object).value();
        return {};
    }
    auto value = part.trimmed();
    if (part.first() || !is_cim_name(value))
        return wrong_filter("the association filter's " + name + " is no name of a class or property");
    if (name == "IncludeResultProperty") {
        if (filter.properties.size() == most_properties)
            return wrong_filter("the association filter names more than 1024 properties");
        filter.properties.push_back(std::move(value));
        return {};
    }
    auto* const place = part_of(filter, name);
    if (place == nullptr || !place->empty())
        return wrong_filter("the association filter has an element too many: " + name);
    *place = std::move(value);
    return {};
}

Result<Filter> read_association(const xml::Element& filter) {
    const auto inside = filter.first();
    AssociationFilter read;
    read.associations = inside.is(ns::binding, "AssociationInstances");
    if ((!read.associations && !inside.is(ns::binding, "AssociatedInstances")) || inside.next())
        return wrong_filter("the association filter is neither AssociatedInstances nor AssociationInstances");
    bool has_object = false;
    for (auto part = inside.first(); part; part = part.next()) MULLION_TRY(read_part(read, part, has_object));
    if (!has_object) return wrong_filter("the association filter names no Object");
    return Filter(std::move(read));
}

void write_part(xml::Writer& out, std::string_view name, const std::string& value) {
    if (!value.empty()) out.element(name, value);
}

// The order is the schema's. DSP0227 16.2
std::string association_xml(const AssociationFilter& filter) {
    xml::Writer out(1024);
    out.open(filter.associations ? "b:AssociationInstances" : "b:AssociatedInstances")
        .declare("b", ns::binding)
        .declare("a", ns::addressing)
        .declare("w", ns::wsman);
    out.open("b:Object");
    write_reference(out, filter.object);
    out.close();
    if (!filter.associations) write_part(out, "b:AssociationClassName", filter.association_class);
    if (filter.associations) write_part(out, "b:ResultClassName", filter.result_class);
    write_part(out, "b:Role", filter.role);
    if (!filter.associations) write_part(out, "b:ResultClassName", filter.result_class);
    if (!filter.associations) write_part(out, "b:ResultRole", filter.result_role);
    for (const auto& property : filter.properties) out.element("b:IncludeResultProperty", property);
    return out.close().take();
}

std::string selectors_xml(const SelectorFilter& filter) {
    xml::Writer out(512);
    out.open("w:SelectorSet").declare("w", ns::wsman);
    for (const auto& selector : filter.selectors)
        out.open("w:Selector").attribute("Name", selector.name).text(selector.value).close();
    return out.close().take();
}

// Text as it stands between tags.
std::string escaped(std::string_view text) {
    if (text.empty()) return {};
    auto out = xml::Writer().open("t").text(text).close().take();
    return out.substr(3, out.size() - 7);
}

}  // namespace

Result<Filter> read_filter(const xml::Element& filter) {
    const auto named = filter.attribute("", "Dialect");
    // DSP0226 8.3: without a name it is XPath, which no class is asked in.
    const auto dialect = named.value_or(std::string(dialect::xpath));
    if (same_ignoring_case(dialect, dialect::wql)) return read_query(filter);
    if (same_ignoring_case(dialect, dialect::selector)) return read_selectors(filter);
    if (same_ignoring_case(dialect, association_dialect)) return read_association(filter);
    return bad_request(code::filter_dialect,
                       "the filter's dialect is not one for classes: " + dialect.substr(0, 200));
}

std::string filter_dialect(const Filter& filter) {
    if (std::holds_alternative<WqlFilter>(filter)) return std::string(dialect::wql);
    if (std::holds_alternative<SelectorFilter>(filter)) return std::string(dialect::selector);
    if (std::holds_alternative<AssociationFilter>(filter)) return std::string(association_dialect);
    return {};
}

std::string filter_xml(const Filter& filter) {
    if (const auto* wql = std::get_if<WqlFilter>(&filter)) return escaped(wql->query);
    if (const auto* selectors = std::get_if<SelectorFilter>(&filter)) return selectors_xml(*selectors);
    if (const auto* association = std::get_if<AssociationFilter>(&filter))
        return association_xml(*association);
    return {};
}

}  // namespace mullion::wsman::cim
