#include "wql/shape.h"

#include <algorithm>
#include <array>

#include "core/nearest.h"
#include "wql/fold.h"

namespace mullion::wql {
namespace {

using Type = PropertyShape::Type;

struct SystemProperty {
    std::string_view name;
    Type type;
    bool array;
};
// "WMI System Properties". What is not given for an instance is NULL.
constexpr std::array<SystemProperty, 11> system_properties = {{
    {"__CLASS", Type::text, false},
    {"__DERIVATION", Type::text, true},
    {"__DYNASTY", Type::text, false},
    {"__GENUS", Type::number, false},
    {"__NAMESPACE", Type::text, false},
    {"__PATH", Type::reference, false},
    {"__PROPERTY_COUNT", Type::number, false},
    {"__RELPATH", Type::reference, false},
    {"__SERVER", Type::text, false},
    {"__SUPERCLASS", Type::text, false},
    {"__THIS", Type::object, false},
}};

bool is_of_system(std::string_view name) {
    return name.starts_with("__");
}

std::optional<PropertyShape> shape_of(std::string_view name, const ClassShape& shape) {
    if (const auto* own = shape.find(name)) return *own;
    for (const auto& each : system_properties) {
        if (same_name(each.name, name)) return PropertyShape{std::string(each.name), each.type, each.array};
    }
    return std::nullopt;
}

std::string wanted_instead(std::string_view name, const ClassShape& shape) {
    std::vector<std::string_view> names;
    for (const auto& property : shape.properties) names.push_back(property.name);
    for (const auto& each : system_properties) names.push_back(each.name);
    auto out = "a property of " + shape.name;
    const auto near = nearest(name, names);
    if (!near.empty()) out += " (did you mean " + std::string(near) + "?)";
    return out;
}

bool is_order(Operator op) {
    return op == Operator::less || op == Operator::greater || op == Operator::at_most ||
           op == Operator::at_least;
}

bool is_flag(const Term& term) {
    if (std::holds_alternative<bool>(term.value) || term.number) return true;
    const auto& text = std::get<std::string>(term.value);
    return same_name(text, "TRUE") || same_name(text, "FALSE");
}

// Whether the constant of a comparison goes with the type.
const char* wrong_constant(const Term& term, Type type) {
    switch (type) {
        case Type::boolean:
            return is_flag(term) ? nullptr : "TRUE, FALSE or a number";
        case Type::number:
            return term.number || std::holds_alternative<bool>(term.value) ? nullptr : "a number";
        case Type::datetime:
            return term.datetime ? nullptr
                                 : "a date and time in quotes, such as \"20130309025732.000000+060\" or "
                                   "\"2013-03-09 02:57:32\"";
        case Type::reference:
            return std::holds_alternative<std::string>(term.value) ? nullptr
                                                                   : "the path of an object in quotes";
        default:
            return nullptr;
    }
}

// Where an operator does not go with the type at all.
const char* wrong_operator(const Term& term, const PropertyShape& property) {
    if (term.op == Operator::is_null || term.op == Operator::is_not_null) return nullptr;
    if (property.array) return "IS NULL or IS NOT NULL: WQL asks nothing else of arrays";
    if (term.op == Operator::isa)
        return property.type == Type::object ? nullptr : "ISA with an embedded instance or __this";
    if (property.type == Type::object)
        return "ISA, IS NULL, IS NOT NULL, or '.' and a property of the embedded instance";
    if (term.op == Operator::like)
        return property.type == Type::text || property.type == Type::reference ? nullptr
                                                                               : "LIKE with text alone";
    if (property.type == Type::boolean && is_order(term.op)) return "= or <>: TRUE and FALSE have no order";
    return nullptr;
}

class Checker {
public:
    Checker(std::string_view query, const ClassShape& shape) : query_(query), shape_(shape) {}

    std::optional<Fault> property(const Property& that) const {
        const auto& name = that.names.front();
        const auto found = shape_of(name, shape_);
        if (!found) return fault(that.place, wanted_instead(name, shape_));
        if (that.names.size() > 1 && (found->type != Type::object || found->array))
            return fault(that.place, "a property that is an embedded instance in front of the '.'");
        return std::nullopt;
    }

    std::optional<Fault> expression(const Expression& that) const {
        if (that.kind == Expression::Kind::term) return term(that.term);
        for (const auto& part : that.parts) {
            if (auto wrong = expression(part)) return wrong;
        }
        return std::nullopt;
    }

private:
    std::optional<Fault> term(const Term& that) const {
        if (auto wrong = property(that.property)) return wrong;
        if (that.property.names.size() > 1) return std::nullopt;
        const auto found = *shape_of(that.property.names.front(), shape_);
        if (const char* expected = wrong_operator(that, found)) return fault(that.property.place, expected);
        const bool compares = that.op <= Operator::at_least;
        const char* expected = compares ? wrong_constant(that, found.type) : nullptr;
        if (expected != nullptr) return fault(that.value_place, expected);
        return std::nullopt;
    }

    [[nodiscard]] Fault fault(Place place, std::string expected) const {
        return fault_at(query_, place.at, Wrong::class_shape, std::move(expected));
    }

    std::string_view query_;
    const ClassShape& shape_;
};

}  // namespace

const PropertyShape* ClassShape::find(std::string_view property) const {
    const auto found = std::find_if(properties.begin(), properties.end(),
                                    [&](const auto& each) { return same_name(each.name, property); });
    return found == properties.end() ? nullptr : &*found;
}

std::optional<Fault> check(const Select& select, std::string_view query, const ClassShape& shape) {
    const Checker checker(query, shape);
    for (const auto& property : select.properties) {
        if (auto wrong = checker.property(property)) return wrong;
    }
    return select.where ? checker.expression(*select.where) : std::nullopt;
}

std::vector<std::string_view> selected(const Select& select, const ClassShape& shape) {
    std::vector<std::string_view> out;
    for (const auto& property : shape.properties) {
        const bool named =
            std::any_of(select.properties.begin(), select.properties.end(),
                        [&](const auto& each) { return same_name(each.names.front(), property.name); });
        if ((named || select.properties.empty()) && !is_of_system(property.name))
            out.push_back(property.name);
    }
    std::sort(out.begin(), out.end(), [](auto a, auto b) { return compare_text(a, b) < 0; });
    return out;
}

}  // namespace mullion::wql
