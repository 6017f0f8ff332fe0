#include "cimhost/classes.h"

#include <fmt/core.h>

#include "wql/fold.h"
#include "wsman/cim/names.h"
#include "wsman/cim/operations.h"
#include "wsman/fault.h"

namespace mullion::cimhost {
namespace {

namespace wire = wsman::cim;

constexpr std::string_view dmtf = "http://schemas.dmtf.org";

// [MS-WSMV] 3.1.4.1.30: DMTF's URI is for DMTF's classes. Windows' own clients name all classes by it,
// though, and then say in which namespace.
bool is_foreign_to_dmtf(const wire::ClassUri& uri) {
    return uri.form == wire::ClassUri::Form::schema && uri.cim_namespace.empty() &&
           wql::same_name(uri.authority, dmtf) &&
           !wql::same_name(std::string_view(uri.class_name).substr(0, 4), "CIM_");
}

std::string text_of(const Named& named) {
    std::string text(named.definition->name);
    for (const auto& [name, value] : named.keys)
        text += fmt::format("{}{}=\"{}\"", &name == &named.keys.front().first ? "." : ",", name, value);
    return text;
}

wire::Target target_of(const Named& named) {
    wire::Target target{named.uri, {}};
    for (const auto& [name, value] : named.keys) target.keys.push_back({name, value});
    return target;
}

cim::Failure wrong_keys(const Named& named, const cim::ClassDef& definition) {
    const auto names = key_names(definition);
    const auto checked = wire::check_keys(target_of(named), names);
    if (!checked) return failure_of(checked.error());
    return refuse(wire::code::keys_missing,
                  fmt::format("{} is abstract: name the class that the instance is of", definition.name));
}

}  // namespace

Or<const cim::ClassDef*> find_class(const World& world, const wire::ClassUri& uri) {
    if (uri.class_name == "*")
        return refuse(wsman::code::resource_not_found, "the resource URI names all classes, not one");
    if (is_foreign_to_dmtf(uri))
        return refuse(wire::code::not_of_dmtf,
                      fmt::format("{} is no class of DMTF: name its namespace with the selector "
                                  "__cimnamespace, or use the URI {}{}/{}",
                                  uri.class_name, wire::wmi_prefix, default_namespace, uri.class_name));
    const auto space = uri.cim_namespace.empty() ? default_namespace : std::string_view(uri.cim_namespace);
    const auto found = world.registry.find(space, uri.class_name);
    if (const auto* unknown = std::get_if<cim::Unknown>(&found))
        return failure_of(*unknown, wsman::code::resource_not_found);
    return std::get<const cim::ClassDef*>(found);
}

Or<Named> find_named(const World& world, const wire::Target& target) {
    auto found = find_class(world, target.of);
    if (auto* failure = std::get_if<cim::Failure>(&found)) return std::move(*failure);
    Named named{std::get<const cim::ClassDef*>(found), {}, {}};
    named.uri = uri_like(target.of, *named.definition);
    auto keys = keys_of(*named.definition, target);
    if (auto* failure = std::get_if<cim::Failure>(&keys)) return std::move(*failure);
    named.keys = std::get<cim::Keys>(std::move(keys));
    return named;
}

wire::ClassUri uri_like(const wire::ClassUri& form, const cim::ClassDef& of) {
    wire::ClassUri uri{form.form, form.authority, std::string(of.cim_namespace), std::string(of.name)};
    if (uri.form == wire::ClassUri::Form::all_classes) uri.form = wire::ClassUri::Form::wmi;
    return uri;
}

std::vector<std::string> key_names(const cim::ClassDef& definition) {
    std::vector<std::string> names;
    const cim::Shape shape(definition);
    for (const auto& entry : shape.entries())
        if (entry.property->key) names.emplace_back(entry.property->name);
    return names;
}

Or<std::vector<const cim::Provider*>> providers_for(const World& world, const Named& named) {
    if (const auto* own = world.registry.provider(*named.definition)) {
        if (own->wrong_key(named.keys)) return wrong_keys(named, own->definition());
        return std::vector<const cim::Provider*>{own};
    }
    // Without keys every singleton below it would be meant.
    std::vector<const cim::Provider*> fitting;
    const auto* like = named.definition;
    for (const auto* provider : world.registry.derived(*named.definition)) {
        if (provider->definition().singleton) continue;
        if (like == named.definition) like = &provider->definition();
        if (!provider->wrong_key(named.keys)) fitting.push_back(provider);
    }
    if (!fitting.empty()) return fitting;
    return wrong_keys(named, *like);
}

Or<Found> find_instance(const World& world, const Named& named, const cim::Wanted& wanted) {
    auto providers = providers_for(world, named);
    if (auto* failure = std::get_if<cim::Failure>(&providers)) return std::move(*failure);
    for (const auto* provider : std::get<std::vector<const cim::Provider*>>(providers)) {
        auto found = provider->get(world.machine, wanted, named.keys);
        if (found.fault) return failure_of(*found.fault, provider->definition());
        if (found.instance) return Found{std::move(*found.instance), provider};
    }
    return wmi_failure(wsman::code::resource_not_found, wbem::not_found,
                       fmt::format("there is no {} on this machine", text_of(named)));
}

}  // namespace mullion::cimhost
