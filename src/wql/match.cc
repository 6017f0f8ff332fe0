#include "wql/match.h"

#include <algorithm>
#include <compare>

#include "wql/fold.h"

namespace mullion::wql {
namespace {

constexpr auto unordered = std::partial_ordering::unordered;

Truth truth(bool yes) {
    return yes ? Truth::yes : Truth::no;
}

Truth inverted(Truth that) {
    if (that == Truth::unknown) return that;
    return truth(that == Truth::no);
}

Truth by_order(std::partial_ordering order, Operator op) {
    if (order == unordered) return Truth::unknown;
    switch (op) {
        case Operator::equal:
            return truth(std::is_eq(order));
        case Operator::different:
            return truth(std::is_neq(order));
        case Operator::less:
            return truth(std::is_lt(order));
        case Operator::greater:
            return truth(std::is_gt(order));
        case Operator::at_most:
            return truth(std::is_lteq(order));
        case Operator::at_least:
            return truth(std::is_gteq(order));
        default:
            return Truth::unknown;
    }
}

std::partial_ordering order_of(const Number& value, const Term& term) {
    if (const auto* flag = std::get_if<bool>(&term.value))
        return compare(value, Number(std::uint64_t{*flag ? 1u : 0u}));
    return term.number ? compare(value, *term.number) : unordered;
}

std::partial_ordering order_of(std::string_view value, const Term& term) {
    if (const auto* text = std::get_if<std::string>(&term.value)) return compare_text(value, *text) <=> 0;
    if (const auto* number = std::get_if<Number>(&term.value))
        return compare_text(value, write_number(*number)) <=> 0;
    return compare_text(value, std::get<bool>(term.value) ? "TRUE" : "FALSE") <=> 0;
}

std::partial_ordering order_of(const DateTime& value, const Term& term) {
    if (!term.datetime || term.datetime->interval != value.interval) return unordered;
    return value.microseconds <=> term.datetime->microseconds;
}

std::optional<bool> flag_of(const Term& term) {
    if (const auto* flag = std::get_if<bool>(&term.value)) return *flag;
    if (term.number) return std::is_neq(compare(*term.number, Number(std::uint64_t{0})));
    const auto* text = std::get_if<std::string>(&term.value);
    if (text != nullptr && same_name(*text, "TRUE")) return true;
    if (text != nullptr && same_name(*text, "FALSE")) return false;
    return std::nullopt;
}

Truth compare_flag(bool value, const Term& term) {
    const auto wanted = flag_of(term);
    const bool by_order = term.op != Operator::equal && term.op != Operator::different;
    if (!wanted || by_order) return Truth::unknown;
    return truth((value == *wanted) == (term.op == Operator::equal));
}

Value find(const Property& property, const Row& row) {
    const Row* here = &row;
    for (std::size_t i = 0;; ++i) {
        // The instance itself: `__this ISA "CIM_Service"`. ("ISA Operator for Schema Queries")
        auto value =
            i == 0 && same_name(property.names[i], "__THIS") ? Value(here) : here->value(property.names[i]);
        if (i + 1 == property.names.size()) return value;
        const auto* embedded = std::get_if<const Row*>(&value);
        if (embedded == nullptr || *embedded == nullptr) return Null{};
        here = *embedded;
    }
}

Truth like(const Value& value, const Term& term) {
    if (const auto* text = std::get_if<std::string_view>(&value)) return truth(term.pattern.matches(*text));
    if (const auto* reference = std::get_if<Reference>(&value))
        return truth(term.pattern.matches(reference->path));
    return Truth::unknown;
}

Truth isa(const Value& value, const Term& term) {
    const auto* embedded = std::get_if<const Row*>(&value);
    if (embedded == nullptr || *embedded == nullptr) return Truth::unknown;
    return truth((*embedded)->is_a(std::get<std::string>(term.value)));
}

bool is_null(const Value& value) {
    const auto* embedded = std::get_if<const Row*>(&value);
    return std::holds_alternative<Null>(value) || (embedded != nullptr && *embedded == nullptr);
}

struct Comparison {
    const Term& term;

    Truth operator()(Null) const { return Truth::unknown; }
    Truth operator()(Array) const { return Truth::unknown; }
    Truth operator()(const Row*) const { return Truth::unknown; }
    Truth operator()(bool value) const { return compare_flag(value, term); }
    Truth operator()(Reference value) const { return (*this)(value.path); }
    template <class Ordered>
    Truth operator()(const Ordered& value) const {
        return by_order(order_of(value, term), term.op);
    }
};

Truth evaluate_term(const Term& term, const Row& row) {
    const auto value = find(term.property, row);
    switch (term.op) {
        case Operator::is_null:
            return truth(is_null(value));
        case Operator::is_not_null:
            return truth(!is_null(value));
        case Operator::like:
            return like(value, term);
        case Operator::isa:
            return isa(value, term);
        default:
            return std::visit(Comparison{term}, value);
    }
}

}  // namespace

Truth evaluate(const Expression& expression, const Row& row) {
    using Kind = Expression::Kind;
    if (expression.kind == Kind::term) return evaluate_term(expression.term, row);
    if (expression.kind == Kind::negation) return inverted(evaluate(expression.parts.front(), row));
    // AND is the least of its parts and OR the most, with unknown between no and yes.
    const bool all = expression.kind == Kind::all;
    const auto decided = all ? Truth::no : Truth::yes;
    auto out = all ? Truth::yes : Truth::no;
    for (const auto& part : expression.parts) {
        const auto that = evaluate(part, row);
        if (that == decided) return decided;
        out = all ? std::min(out, that) : std::max(out, that);
    }
    return out;
}

bool matches(const Select& select, const Row& row) {
    return !select.where || evaluate(*select.where, row) == Truth::yes;
}

}  // namespace mullion::wql
