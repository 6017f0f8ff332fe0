// What classes there are and what they have: Get and Enumerate of …/wbem/cim-xml/2/cim-schema/2/*, whose
// selectors are the namespace and the class's name. Microsoft's clients ask so; the answers are DSP0201's.
#include <fmt/core.h>

#include <optional>

#include "cimhost/class_xml.h"
#include "cimhost/classes.h"
#include "cimhost/options.h"
#include "cimhost/parts.h"
#include "wql/fold.h"
#include "wsman/cim/names.h"
#include "wsman/cim/operations.h"
#include "wsman/enumeration.h"
#include "wsman/fault.h"

namespace mullion::cimhost {
namespace {

namespace wire = wsman::cim;

constexpr std::string_view metadata_uri = "http://schemas.dmtf.org/wbem/cim-xml/2/cim-schema/2/*";

struct Asked {
    std::string cim_namespace{default_namespace};
    std::string class_name;  // Empty, or "*": all.
    ClassParts parts;

    [[nodiscard]] bool all() const { return class_name.empty() || class_name == "*"; }
};

std::optional<cim::Failure> read_selectors(const wsman::Header& header, Asked& asked) {
    for (const auto& [name, value] : header.selectors) {
        if (wql::same_name(name, wire::namespace_selector))
            asked.cim_namespace = value;
        else if (wql::same_name(name, "ClassName"))
            asked.class_name = value;
        else
            return refuse(wsman::code::unexpected_selectors,
                          "of classes the selectors are __cimnamespace and ClassName, not " + name);
    }
    return std::nullopt;
}

Or<Asked> read_asked(const wsman::Message& message) {
    Asked asked;
    const auto& header = message.header;
    if (auto failure = read_selectors(header, asked)) return std::move(*failure);
    if (auto failure = read_option(header, "IncludeInheritanceHierarchy", asked.parts.hierarchy))
        return std::move(*failure);
    if (auto failure = read_option(header, "IncludeInheritedElements", asked.parts.inherited))
        return std::move(*failure);
    if (auto failure = read_option(header, "IncludeQualifiers", asked.parts.qualifiers))
        return std::move(*failure);
    return asked;
}

Or<const cim::ClassDef*> find(const World& world, const Asked& asked) {
    const auto found = world.registry.find(asked.cim_namespace, asked.class_name);
    if (const auto* unknown = std::get_if<cim::Unknown>(&found))
        return failure_of(*unknown, wsman::code::resource_not_found);
    return std::get<const cim::ClassDef*>(found);
}

std::string xml_of(const World& world, const cim::ClassDef& definition, const ClassParts& parts) {
    return class_xml(definition, parts, world.registry.provider(definition) != nullptr);
}

std::string with_slashes(std::string name) {
    for (auto& c : name)
        if (c == '\\') c = '/';
    return name;
}

// The class and what stands on it, or all of the namespace.
Or<std::vector<const cim::ClassDef*>> choose(const World& world, const Asked& asked) {
    const cim::ClassDef* base = nullptr;
    if (!asked.all()) {
        auto found = find(world, asked);
        if (auto* failure = std::get_if<cim::Failure>(&found)) return std::move(*failure);
        base = std::get<const cim::ClassDef*>(found);
    }
    std::vector<const cim::ClassDef*> classes;
    for (const auto* definition : world.registry.classes())
        if (wql::same_name(definition->cim_namespace, with_slashes(asked.cim_namespace)) &&
            (base == nullptr || cim::is_a(*definition, base->name)))
            classes.push_back(definition);
    if (!classes.empty()) return classes;
    return failure_of(cim::Unknown{cim::Unknown::What::cim_namespace, asked.cim_namespace},
                      wsman::code::resource_not_found);
}

std::optional<cim::Failure> check_body(const wsman::Message& message) {
    auto read = read_or_refuse(wsman::read_enumerate(message));
    if (auto* failure = std::get_if<cim::Failure>(&read)) return std::move(*failure);
    const auto& body = std::get<wsman::Enumerate>(read);
    if (body.has_filter)
        return refuse(wsman::code::filtering_not_supported,
                      "classes are not filtered: name one by ClassName");
    if (!body.mode.empty()) return refuse(wire::code::enumeration_mode, "classes have no references");
    if (!body.polymorphism.empty()) return refuse(wire::code::polymorphism, "classes are no instances");
    return std::nullopt;
}

}  // namespace

bool is_metadata_uri(std::string_view uri) {
    return wql::same_name(uri, metadata_uri);
}

cim::FromHost get_class(const World& world, const wsman::Message& message) {
    auto read = read_asked(message);
    if (auto* failure = std::get_if<cim::Failure>(&read)) return std::move(*failure);
    const auto& asked = std::get<Asked>(read);
    if (message.header.fragment_transfer)
        return refuse(wsman::code::fragment_not_supported, "a class is given as a whole");
    if (asked.all())
        return wmi_failure(wsman::code::resource_not_found, wbem::invalid_class,
                           "the selector ClassName, which says what class is asked for, is missing");
    auto found = find(world, asked);
    if (auto* failure = std::get_if<cim::Failure>(&found)) return std::move(*failure);
    const auto xml = xml_of(world, *std::get<const cim::ClassDef*>(found), asked.parts);
    return cim::Answer{
        wire::write_object_response(wsman::action::get, world.answer_id, message.header.message_id, xml)};
}

cim::FromHost enumerate_classes(const World& world, const wsman::Message& message, Frames& frames) {
    if (auto failure = check_body(message)) return std::move(*failure);
    auto read = read_asked(message);
    if (auto* failure = std::get_if<cim::Failure>(&read)) return std::move(*failure);
    const auto& asked = std::get<Asked>(read);
    auto chosen = choose(world, asked);
    if (auto* failure = std::get_if<cim::Failure>(&chosen)) return std::move(*failure);
    for (const auto* definition : std::get<std::vector<const cim::ClassDef*>>(chosen))
        if (!frames.item(xml_of(world, *definition, asked.parts))) break;
    return cim::End{};
}

}  // namespace mullion::cimhost
