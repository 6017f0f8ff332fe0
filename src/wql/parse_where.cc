#include <array>

#include "wql/parser.h"

namespace mullion::wql {
namespace {

using Kind = Expression::Kind;

constexpr const char* operators = "= <> < > <= >= LIKE, IS or ISA";

std::optional<Operator> relation(const Token& token) {
    struct Row {
        std::string_view mark;
        Operator op;
    };
    constexpr std::array<Row, 7> rows = {{{"=", Operator::equal},
                                          {"<>", Operator::different},
                                          {"!=", Operator::different},
                                          {"<", Operator::less},
                                          {">", Operator::greater},
                                          {"<=", Operator::at_most},
                                          {">=", Operator::at_least}}};
    if (token.kind != Token::Kind::mark) return std::nullopt;
    for (const auto& row : rows) {
        if (token.text == row.mark) return row.op;
    }
    return std::nullopt;
}

Operator turned_round(Operator op) {
    switch (op) {
        case Operator::less:
            return Operator::greater;
        case Operator::greater:
            return Operator::less;
        case Operator::at_most:
            return Operator::at_least;
        case Operator::at_least:
            return Operator::at_most;
        default:
            return op;
    }
}

class Reader {
public:
    Reader(Cursor& in, std::string_view class_name, int offset_minutes)
        : in_(in), class_name_(class_name), offset_minutes_(offset_minutes) {}

    bool any(Expression& into, std::size_t depth) {
        return chain(into, Kind::any, "OR", [&](Expression& part) { return all(part, depth); });
    }

private:
    bool all(Expression& into, std::size_t depth) {
        return chain(into, Kind::all, "AND", [&](Expression& part) { return one(part, depth); });
    }

    template <class Part>
    bool chain(Expression& into, Kind kind, std::string_view word, const Part& read) {
        if (!read(into)) return false;
        if (!in_.at_word(word)) return true;
        Expression whole;
        whole.kind = kind;
        whole.parts.push_back(std::move(into));
        while (in_.take_word(word)) {
            if (!read(whole.parts.emplace_back())) return false;
        }
        into = std::move(whole);
        return true;
    }

    bool one(Expression& into, std::size_t depth) {
        const auto place = in_.now().place;
        const bool negated = in_.take_word("NOT");
        if (!negated && !in_.take_mark("(")) return comparison(into.term);
        const auto most = in_.limits().depth;
        if (depth == most)
            return in_.fail_at(place, "at most " + std::to_string(most) + " NOT and ( inside one another",
                               Wrong::limit);
        if (!negated) return any(into, depth + 1) && (in_.take_mark(")") || in_.fail("AND, OR or ')'"));
        into.kind = Kind::negation;
        return one(into.parts.emplace_back(), depth + 1);
    }

    bool comparison(Term& term) {
        const auto most = in_.limits().terms;
        if (terms_++ == most)
            return in_.fail_at(in_.now().place, "at most " + std::to_string(most) + " comparisons",
                               Wrong::limit);
        if (at_constant()) return constant_first(term);
        if (in_.now().kind != Token::Kind::name || is_reserved(in_.now().text))
            return in_.fail("a property, a constant, NOT or '('");
        if (!property(term)) return false;
        if (const auto op = relation(in_.now())) {
            term.op = *op;
            const auto place = in_.take().place;
            if (in_.now().kind == Token::Kind::name && !at_constant())
                return in_.fail(
                    "a constant (WQL compares a property with a constant, in quotes where it is "
                    "text)");
            if (!at_constant()) return in_.fail("a constant");
            return constant(term, place);
        }
        return word(term);
    }

    bool constant_first(Term& term) {
        const auto value = in_.take();  // Read again when the property and the operator are known.
        const auto op = relation(in_.now());
        if (!op) return in_.fail("= <> < > <= or >= behind a constant");
        term.op = turned_round(*op);
        const auto place = in_.take().place;
        if (at_constant()) return in_.fail("a property (one side of an operator is a property)");
        if (!property(term)) return false;
        const auto end = in_.now().place;
        in_.go_on_at(value.place);
        if (!constant(term, place)) return false;
        in_.go_on_at(end);
        return true;
    }

    // LIKE, IS [NOT] NULL, ISA; and those that people think of.
    bool word(Term& term) {
        if (in_.take_word("LIKE")) return like(term);
        if (in_.take_word("ISA")) {
            term.op = Operator::isa;
            return text(term, false, "the name of a class in quotes");
        }
        if (in_.take_word("IS")) {
            term.op = in_.take_word("NOT") ? Operator::is_not_null : Operator::is_null;
            if (in_.take_word("NULL")) return true;
            return in_.fail(term.op == Operator::is_null ? "NULL or NOT NULL" : "NULL");
        }
        if (in_.at_word("NOT"))
            return in_.fail(std::string(operators) +
                            " (NOT stands in front of the property: NOT Name LIKE \"a%\")");
        if (in_.at_word("IN") || in_.at_word("BETWEEN"))
            return in_.fail(std::string(operators) +
                            " (WQL has no IN and no BETWEEN; AND and OR say the same)");
        return in_.fail(operators);
    }

    bool like(Term& term) {
        term.op = Operator::like;
        const auto place = in_.now().place;
        if (!text(term, true, "a pattern in quotes")) return false;
        auto read = parse_like(std::get<std::string>(term.value), in_.limits().pattern);
        if (const auto* wrong = std::get_if<LikeFault>(&read)) {
            if (wrong->too_long)
                return in_.fail_at(place,
                                   "a pattern of at most " + std::to_string(in_.limits().pattern) + " parts",
                                   Wrong::limit);
            return in_.fail_at(place, wrong->expected);
        }
        term.pattern = std::get<LikePattern>(std::move(read));
        return true;
    }

    bool property(Term& term) {
        if (!read_property(in_, term.property)) return false;
        drop_class(term.property, class_name_);
        return true;
    }

    [[nodiscard]] bool at_constant() const {
        const auto kind = in_.now().kind;
        return kind == Token::Kind::string || kind == Token::Kind::number || in_.at_word("TRUE") ||
               in_.at_word("FALSE") || in_.at_word("NULL");
    }

    // `operator_place` is told where the operator does not go with it: TRUE and NULL have no order.
    bool constant(Term& term, std::size_t operator_place) {
        const bool by_order = term.op != Operator::equal && term.op != Operator::different;
        term.value_place.at = in_.now().place;
        if (in_.now().kind == Token::Kind::string) return text(term, false, "");
        if (in_.now().kind == Token::Kind::number) {
            term.number = read_number(in_.take().text);
            term.value = *term.number;
            return true;
        }
        if (by_order) return in_.fail_at(operator_place, "= or <> with TRUE, FALSE and NULL");
        if (in_.take_word("NULL")) {
            term.op = term.op == Operator::equal ? Operator::is_null : Operator::is_not_null;
            term.value_place.at = 0;
            return true;
        }
        term.value = in_.take_word("TRUE");
        if (!std::get<bool>(term.value)) in_.take();
        return true;
    }

    bool text(Term& term, bool of_like, const char* expected) {
        const auto token = in_.now();
        if (token.kind != Token::Kind::string) return in_.fail(expected);
        term.value_place.at = token.place;
        std::size_t wrong_at = 0;
        auto value = unescaped(token.text, of_like, wrong_at);
        if (!value)
            return in_.fail_at(token.place + 1 + wrong_at,
                               "\\\\, \\\" or \\' (a backslash in a string is doubled)");
        in_.take();
        if (!of_like && term.op != Operator::isa) {
            term.number = read_number(*value);
            term.datetime = parse_datetime(*value, offset_minutes_);
        }
        term.value = std::move(*value);
        return true;
    }

    Cursor& in_;
    std::string_view class_name_;
    int offset_minutes_ = 0;
    std::size_t terms_ = 0;
};

}  // namespace

bool read_where(Cursor& in, std::string_view class_name, int offset_minutes, Expression& into) {
    return Reader(in, class_name, offset_minutes).any(into, 0);
}

}  // namespace mullion::wql
