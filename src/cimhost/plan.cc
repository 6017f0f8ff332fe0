#include <fmt/core.h>

#include <algorithm>

#include "cimhost/query.h"
#include "wql/fold.h"
#include "wql/parse.h"
#include "wsman/cim/names.h"
#include "wsman/fault.h"

namespace mullion::cimhost {
namespace {

namespace wire = wsman::cim;

wql::PropertyShape::Type wql_type(cim::Type type) {
    using To = wql::PropertyShape::Type;
    switch (type) {
        case cim::Type::boolean:
            return To::boolean;
        case cim::Type::string:
            return To::text;
        case cim::Type::datetime:
            return To::datetime;
        case cim::Type::reference:
            return To::reference;
        default:
            return To::number;
    }
}

void add_names(const wql::Expression& expression, std::vector<std::string>& names) {
    if (expression.kind == wql::Expression::Kind::term)
        names.push_back(expression.term.property.names.front());
    for (const auto& part : expression.parts) add_names(part, names);
}

// What instances have to know: what is shown of them, what is compared, and what names them.
cim::Wanted wanted_of(const Plan& plan, const cim::Shape& shape) {
    const bool all = !plan.columns && !plan.as_asked && plan.mode != wire::Mode::reference;
    if (all) return {};
    std::vector<std::string> names;
    if (plan.columns && plan.mode != wire::Mode::reference) names = *plan.columns;
    for (const auto& entry : shape.entries())
        if (plan.as_asked && plan.mode != wire::Mode::reference) names.emplace_back(entry.property->name);
    for (const auto* provider : plan.providers)
        for (auto& key : key_names(provider->definition()))
            if (std::find(names.begin(), names.end(), key) == names.end()) names.push_back(std::move(key));
    if (plan.where) add_names(*plan.where, names);
    return cim::Wanted(std::move(names));
}

void ask_of_providers(Plan& plan) {
    const cim::Shape shape(*plan.asked);
    plan.question.wanted = wanted_of(plan, shape);
    if (plan.where) narrow(*plan.where, shape, plan.question);
}

// DSP0227 9.3: by default instances of subclasses come too, with all that they have.
Or<Plan> plan_class(const World& world, const wire::Enumeration& asked) {
    auto found = find_class(world, asked.of.of);
    if (auto* failure = std::get_if<cim::Failure>(&found)) return std::move(*failure);
    Plan plan;
    plan.asked = std::get<const cim::ClassDef*>(found);
    plan.form = asked.of.of;
    plan.mode = asked.mode;
    const auto polymorphism = asked.polymorphism.value_or(wire::Polymorphism::include);
    plan.as_asked = polymorphism == wire::Polymorphism::exclude;
    plan.providers = world.registry.derived(*plan.asked);
    if (polymorphism == wire::Polymorphism::none)
        std::erase_if(plan.providers,
                      [&](const auto* provider) { return &provider->definition() != plan.asked; });
    if (const auto* selectors = std::get_if<wire::SelectorFilter>(&asked.filter)) {
        auto where = where_of(*plan.asked, *selectors);
        if (auto* failure = std::get_if<cim::Failure>(&where)) return std::move(*failure);
        plan.where = std::get<wql::Expression>(std::move(where));
    }
    ask_of_providers(plan);
    return plan;
}

Or<const cim::ClassDef*> class_of_query(const World& world, const wire::ClassUri& uri,
                                        const wql::Select& select) {
    const auto space = uri.cim_namespace.empty() ? default_namespace : std::string_view(uri.cim_namespace);
    const auto found = world.registry.find(space, select.class_name);
    const auto* unknown = std::get_if<cim::Unknown>(&found);
    if (unknown == nullptr) return std::get<const cim::ClassDef*>(found);
    // The namespace stands in the resource URI, the class in the filter.
    const bool of_namespace = unknown->what == cim::Unknown::What::cim_namespace;
    return failure_of(*unknown, of_namespace ? wsman::code::resource_not_found
                                             : std::uint32_t{wire::code::cannot_process_filter});
}

Or<Plan> plan_select(const World& world, const wire::Enumeration& asked, std::string_view query,
                     wql::Select&& select) {
    if (select.of_classes())
        return wmi_failure(wire::code::cannot_process_filter, wbem::invalid_query,
                           "classes are not asked for by a query: Get or enumerate "
                           "http://schemas.dmtf.org/wbem/cim-xml/2/cim-schema/2/*");
    auto found = class_of_query(world, asked.of.of, select);
    if (auto* failure = std::get_if<cim::Failure>(&found)) return std::move(*failure);
    Plan plan;
    plan.asked = std::get<const cim::ClassDef*>(found);
    const auto shape = wql_shape(*plan.asked);
    if (const auto wrong = wql::check(select, query, shape)) return failure_of(*wrong);
    plan.form = asked.of.of;
    plan.mode = asked.mode;
    plan.providers = world.registry.derived(*plan.asked);
    if (!select.properties.empty()) {
        plan.columns.emplace();
        for (const auto name : wql::selected(select, shape)) plan.columns->emplace_back(name);
    }
    plan.where = std::move(select.where);
    ask_of_providers(plan);
    return plan;
}

Or<Plan> plan_query(const World& world, const wire::Enumeration& asked, std::string_view query) {
    const auto now = world.machine.times().unix_microseconds;
    auto parsed = wql::parse(query, {}, world.machine.utc_offset(now));
    if (const auto* wrong = std::get_if<wql::Fault>(&parsed)) return failure_of(*wrong);
    auto& read = std::get<wql::Query>(parsed);
    if (auto* select = std::get_if<wql::Select>(&read))
        return plan_select(world, asked, query, std::move(*select));
    if (auto failure = check_traversal(world, asked.of.of, std::get<wql::Traversal>(read)))
        return std::move(*failure);
    return Plan();
}

}  // namespace

wql::ClassShape wql_shape(const cim::ClassDef& definition) {
    wql::ClassShape shape{std::string(definition.name), {}};
    const cim::Shape all(definition);
    for (const auto& entry : all.entries())
        shape.properties.push_back(
            {std::string(entry.property->name), wql_type(entry.property->type), entry.property->array});
    return shape;
}

Or<Plan> plan(const World& world, const wire::Enumeration& asked) {
    if (const auto* wql = std::get_if<wire::WqlFilter>(&asked.filter))
        return plan_query(world, asked, wql->query);
    const auto* association = std::get_if<wire::AssociationFilter>(&asked.filter);
    if (association == nullptr) return plan_class(world, asked);
    if (auto failure = check_association(world, asked.of.of, *association)) return std::move(*failure);
    return Plan();
}

}  // namespace mullion::cimhost
