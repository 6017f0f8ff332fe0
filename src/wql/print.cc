#include "wql/query.h"

namespace mullion::wql {
namespace {

using Kind = Expression::Kind;

std::string print_property(const Property& property) {
    std::string out;
    for (const auto& name : property.names) out += (out.empty() ? "" : ".") + name;
    return out;
}

const char* word_of(Operator op) {
    switch (op) {
        case Operator::equal:
            return " = ";
        case Operator::different:
            return " <> ";
        case Operator::less:
            return " < ";
        case Operator::greater:
            return " > ";
        case Operator::at_most:
            return " <= ";
        case Operator::at_least:
            return " >= ";
        case Operator::like:
            return " LIKE ";
        case Operator::isa:
            return " ISA ";
        case Operator::is_null:
            return " IS NULL";
        case Operator::is_not_null:
            return " IS NOT NULL";
    }
    return "";
}

std::string print_term(const Term& term) {
    auto out = print_property(term.property) + word_of(term.op);
    if (term.op != Operator::is_null && term.op != Operator::is_not_null) out += print_constant(term.value);
    return out;
}

// Whether a part without parentheses would be read as a part of something else.
bool needs_parentheses(const Expression& part, Kind inside) {
    if (part.kind == Kind::any) return true;
    return part.kind == Kind::all && inside != Kind::any;
}

void print_expression(const Expression& expression, std::string& out) {
    if (expression.kind == Kind::term) {
        out += print_term(expression.term);
        return;
    }
    const char* between = expression.kind == Kind::negation ? "NOT " : "";
    for (const auto& part : expression.parts) {
        out += between;
        between = expression.kind == Kind::all ? " AND " : " OR ";
        const bool parentheses = needs_parentheses(part, expression.kind);
        if (parentheses) out += '(';
        print_expression(part, out);
        if (parentheses) out += ')';
    }
}

std::string print_select(const Select& select) {
    std::string out = "SELECT ";
    if (select.properties.empty()) out += '*';
    const char* between = "";
    for (const auto& property : select.properties) {
        out += between + print_property(property);
        between = ", ";
    }
    out += " FROM " + select.class_name;
    if (select.where) {
        out += " WHERE ";
        print_expression(*select.where, out);
    }
    return out;
}

std::string print_traversal(const Traversal& said) {
    std::string words;
    const auto value = [&](const char* word, const std::string& name) {
        if (!name.empty()) words += std::string(" ") + word + " = " + name;
    };
    const auto flag = [&](const char* word, bool given) {
        if (given) words += std::string(" ") + word;
    };
    value("AssocClass", said.assoc_class);
    value("ResultClass", said.result_class);
    value("Role", said.role);
    value("ResultRole", said.result_role);
    value("RequiredQualifier", said.required_qualifier);
    value("RequiredAssocQualifier", said.required_assoc_qualifier);
    flag("ClassDefsOnly", said.class_defs_only);
    flag("KeysOnly", said.keys_only);
    flag("SchemaOnly", said.schema_only);
    const char* front = said.kind == Traversal::Kind::associators ? "ASSOCIATORS OF {" : "REFERENCES OF {";
    auto out = front + print(said.source) + '}';
    if (!words.empty()) out += " WHERE" + words;
    return out;
}

}  // namespace

std::string print(const Query& query) {
    if (const auto* select = std::get_if<Select>(&query)) return print_select(*select);
    return print_traversal(std::get<Traversal>(query));
}

}  // namespace mullion::wql
