// ASSOCIATORS OF, REFERENCES OF and the association filter. No class here joins others, so an object that
// there is has nothing that belongs to it; all other questions are answered with what is wrong with them.
#include <fmt/core.h>

#include "cimhost/query.h"
#include "wsman/cim/names.h"

namespace mullion::cimhost {
namespace {

namespace wire = wsman::cim;

// Of a filter's parts the filter is what cannot be processed.
cim::Failure of_filter(cim::Failure failure) {
    failure.code = wire::code::cannot_process_filter;
    return failure;
}

cim::Failure wrong_filter(std::string what) {
    return wmi_failure(wire::code::cannot_process_filter, wbem::invalid_query, std::move(what));
}

std::string_view namespace_of(const wire::ClassUri& uri) {
    return uri.cim_namespace.empty() ? default_namespace : std::string_view(uri.cim_namespace);
}

std::optional<cim::Failure> check_class(const World& world, std::string_view space,
                                        std::string_view class_name) {
    if (class_name.empty()) return std::nullopt;
    const auto found = world.registry.find(space, class_name);
    if (const auto* unknown = std::get_if<cim::Unknown>(&found))
        return failure_of(*unknown, wire::code::cannot_process_filter);
    return std::nullopt;
}

std::optional<cim::Failure> check_object(const World& world, const wire::Target& target) {
    auto named = find_named(world, target);
    if (auto* failure = std::get_if<cim::Failure>(&named)) return of_filter(std::move(*failure));
    const auto& object = std::get<Named>(named);
    std::vector<std::string> names;
    for (const auto& key : object.keys) names.push_back(key.first);
    auto found = find_instance(world, object, cim::Wanted(std::move(names)));
    if (auto* failure = std::get_if<cim::Failure>(&found)) return of_filter(std::move(*failure));
    return std::nullopt;
}

Or<wire::Target> target_of(const wire::ClassUri& form, const wire::Reference& object) {
    const auto uri = wire::parse_class_uri(object.resource_uri);
    if (!uri || uri->class_name == "*") return wrong_filter("the filter's Object names no class");
    wire::Target target{*uri, {}};
    for (const auto& key : object.keys) {
        if (key.name == wire::namespace_selector && target.of.cim_namespace.empty())
            target.of.cim_namespace = key.value;
        else if (key.name != wire::namespace_selector)
            target.keys.push_back(key);
    }
    if (target.of.cim_namespace.empty()) target.of.cim_namespace = namespace_of(form);
    return target;
}

// {Win32_Process="1"}: the name of the class's one key is left out.
Or<wire::Target> target_of(const World& world, const wire::ClassUri& form, const wql::ObjectPath& path) {
    wire::Target target{{wire::ClassUri::Form::wmi, {}, joined(path.namespaces), path.class_name}, {}};
    if (path.namespaces.empty()) target.of.cim_namespace = namespace_of(form);
    const auto found = find_class(world, target.of);
    if (const auto* failure = std::get_if<cim::Failure>(&found)) return of_filter(*failure);
    const auto keys = key_names(*std::get<const cim::ClassDef*>(found));
    for (const auto& key : path.keys) {
        if (key.name.empty() && keys.size() != 1)
            return wrong_filter(
                fmt::format("{} has {} keys: the path has to name them", path.class_name, keys.size()));
        target.keys.push_back({key.name.empty() ? keys.front() : key.name, constant_text(key.value)});
    }
    return target;
}

}  // namespace

std::optional<cim::Failure> check_association(const World& world, const wire::ClassUri& form,
                                              const wire::AssociationFilter& filter) {
    auto target = target_of(form, filter.object);
    if (auto* failure = std::get_if<cim::Failure>(&target)) return std::move(*failure);
    const auto& object = std::get<wire::Target>(target);
    if (auto failure = check_object(world, object)) return failure;
    if (auto failure = check_class(world, object.of.cim_namespace, filter.association_class)) return failure;
    return check_class(world, object.of.cim_namespace, filter.result_class);
}

std::optional<cim::Failure> check_traversal(const World& world, const wire::ClassUri& form,
                                            const wql::Traversal& traversal) {
    if (traversal.class_defs_only || traversal.schema_only || traversal.source.of_class())
        return wrong_filter(
            "associations of classes are not answered, only those of an instance: say which by its keys");
    auto target = target_of(world, form, traversal.source);
    if (auto* failure = std::get_if<cim::Failure>(&target)) return std::move(*failure);
    const auto& object = std::get<wire::Target>(target);
    if (auto failure = check_object(world, object)) return failure;
    if (auto failure = check_class(world, object.of.cim_namespace, traversal.assoc_class)) return failure;
    return check_class(world, object.of.cim_namespace, traversal.result_class);
}

}  // namespace mullion::cimhost
