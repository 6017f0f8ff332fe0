// WHERE: of a selector filter, and as providers are told it.
#include <fmt/core.h>

#include "cimhost/query.h"
#include "wql/fold.h"
#include "wsman/cim/names.h"

namespace mullion::cimhost {
namespace {

namespace wire = wsman::cim;
using Kind = wql::Expression::Kind;

std::optional<bool> flag_of(const wql::Term& term) {
    if (const auto* flag = std::get_if<bool>(&term.value)) return *flag;
    if (term.number) return wql::compare(*term.number, wql::number_of(0)) != 0;
    const auto& text = std::get<std::string>(term.value);
    if (wql::same_name(text, "TRUE")) return true;
    if (wql::same_name(text, "FALSE")) return false;
    return std::nullopt;
}

// As cim::Instance::text() has a value of that type. Nothing where WQL takes more than one text for equal.
std::optional<std::string> equal_text(const cim::PropertyDef& property, const wql::Term& term) {
    if (property.array) return std::nullopt;
    switch (property.type) {
        case cim::Type::string:
            if (const auto* text = std::get_if<std::string>(&term.value)) return *text;
            if (const auto* number = std::get_if<wql::Number>(&term.value)) return wql::write_number(*number);
            return std::nullopt;
        case cim::Type::boolean:
            if (const auto flag = flag_of(term)) return *flag ? "TRUE" : "FALSE";
            return std::nullopt;
        case cim::Type::datetime:
        case cim::Type::reference:
        case cim::Type::real32:
        case cim::Type::real64:
            return std::nullopt;
        default:
            if (!term.number || std::holds_alternative<double>(*term.number)) return std::nullopt;
            return wql::write_number(*term.number);
    }
}

bool is_lower_bound(wql::Operator op) {
    return op == wql::Operator::equal || op == wql::Operator::greater || op == wql::Operator::at_least;
}

void narrow_by(const wql::Term& term, const cim::Shape& shape, cim::Question& question) {
    if (term.property.names.size() != 1) return;
    const auto at = shape.find(term.property.names.front());
    if (!at) return;
    const auto& property = *shape.entries()[*at].property;
    const bool time = property.type == cim::Type::datetime && !property.array;
    if (time && term.datetime && !term.datetime->interval && is_lower_bound(term.op))
        question.not_before.emplace_back(property.name, term.datetime->microseconds);
    if (term.op != wql::Operator::equal) return;
    if (auto text = equal_text(property, term)) question.equal.emplace_back(property.name, std::move(*text));
}

// [MS-WSMV] 3.1.4.8: neither arrays nor times nor references can be asked by a selector.
const char* not_askable(const cim::PropertyDef& property) {
    if (property.array) return "is an array";
    if (property.type == cim::Type::datetime) return "is a point in time or an interval";
    if (property.type == cim::Type::reference) return "is a reference";
    return nullptr;
}

// Why that value is none of the property's type.
const char* wrong_value(const cim::PropertyDef& property, const wql::Term& term) {
    if (property.type == cim::Type::string) return nullptr;
    if (property.type == cim::Type::boolean) return flag_of(term) ? nullptr : "neither true nor false";
    return term.number ? nullptr : "no number";
}

cim::Failure wrong_selector(std::string what) {
    return wmi_failure(wire::code::cannot_process_filter, wbem::invalid_query,
                       "the selector filter: " + std::move(what));
}

Or<wql::Expression> term_of(const cim::ClassDef& definition, const cim::Shape& shape,
                            const wsman::Selector& selector) {
    const auto at = shape.find(selector.name);
    if (!at) return wrong_selector(fmt::format("{} has no property {}", definition.name, selector.name));
    const auto& property = *shape.entries()[*at].property;
    if (const char* why = not_askable(property))
        return wrong_selector(fmt::format("{} {}, which a selector cannot ask", property.name, why));
    wql::Expression expression;
    auto& term = expression.term;
    term.property.names.emplace_back(property.name);
    term.value = selector.value;
    term.number = wql::read_number(selector.value);
    if (const char* why = wrong_value(property, term))
        return wrong_selector(
            fmt::format("{} is {}, and the value is {}", property.name, cim::type_name(property.type), why));
    return expression;
}

}  // namespace

void narrow(const wql::Expression& where, const cim::Shape& shape, cim::Question& question) {
    if (where.kind == Kind::term) narrow_by(where.term, shape, question);
    if (where.kind != Kind::all) return;
    for (const auto& part : where.parts) narrow(part, shape, question);
}

Or<wql::Expression> where_of(const cim::ClassDef& definition, const wire::SelectorFilter& filter) {
    const cim::Shape shape(definition);
    wql::Expression all;
    all.kind = Kind::all;
    for (const auto& selector : filter.selectors) {
        auto term = term_of(definition, shape, selector);
        if (auto* failure = std::get_if<cim::Failure>(&term)) return std::move(*failure);
        all.parts.push_back(std::get<wql::Expression>(std::move(term)));
    }
    return all;
}

}  // namespace mullion::cimhost
