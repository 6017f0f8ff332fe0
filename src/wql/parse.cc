#include "wql/parse.h"

#include <array>

#include "encoding/utf8.h"
#include "wql/parser.h"

namespace mullion::wql {
namespace {

struct Foreign {
    std::string_view word;
    const char* why;
};

constexpr const char* events =
    "a query of instances: events (WITHIN, GROUP BY, HAVING) are not enumerated, one subscribes to them";
constexpr std::array<Foreign, 9> foreign_clauses = {{
    {"WITHIN", events},
    {"GROUP", events},
    {"HAVING", events},
    {"ORDER", "a query without ORDER BY, which WQL does not have: sort what comes"},
    {"JOIN", "a query of one class: WQL has no JOIN; ASSOCIATORS OF goes from one instance to others"},
    {"INNER", "a query of one class: WQL has no JOIN; ASSOCIATORS OF goes from one instance to others"},
    {"LEFT", "a query of one class: WQL has no JOIN; ASSOCIATORS OF goes from one instance to others"},
    {"LIMIT", "a query without LIMIT, which WQL does not have: ask for as many elements as are wanted"},
    {"UNION", "one query: WQL has no UNION"},
}};
constexpr std::array<Foreign, 3> foreign_selections = {{
    {"DISTINCT", "properties: WQL has no DISTINCT"},
    {"ALL", "properties: WQL has no ALL"},
    {"TOP", "properties: WQL has no TOP; ask for as many elements as are wanted"},
}};

template <std::size_t size>
const char* refused(const std::array<Foreign, size>& words, const Token& token) {
    if (token.kind != Token::Kind::name) return nullptr;
    for (const auto& each : words) {
        if (same_name(token.text, each.word)) return each.why;
    }
    return nullptr;
}

// "SELECT DISTINCT Name": the word alone could be a property as well.
bool read_list(Cursor& in, std::vector<Property>& into) {
    const auto first = in.now();
    do {
        const auto most = in.limits().properties;
        if (into.size() == most)
            return in.fail_at(in.now().place, "at most " + std::to_string(most) + " properties",
                              Wrong::limit);
        if (!read_property(in, into.emplace_back())) return false;
    } while (in.take_mark(","));
    const bool another = !in.at_word("FROM") && in.now().kind != Token::Kind::end;
    const char* why = into.size() == 1 && another ? refused(foreign_selections, first) : nullptr;
    if (why != nullptr) return in.fail_at(first.place, why, Wrong::unsupported);
    if (in.at_mark("("))
        return in.fail_at(into.back().place.at,
                          "properties: functions such as COUNT(*) are not of WQL; count what comes",
                          Wrong::unsupported);
    return true;
}

bool read_class(Cursor& in, std::string& into) {
    if (!in.take_word("FROM")) return in.fail("',' or FROM");
    if (!in.name(into, "the name of a class")) return false;
    const char next = in.now().place < in.query().size() ? in.query()[in.now().place] : '\0';
    if (next == '\\' || next == '/' || next == ':' || next == '.')
        return in.fail_at(in.now().place,
                          "the name of a class alone (the namespace is part of the resource URI)");
    if (in.at_mark(","))
        return in.fail_at(in.now().place, "one class: WQL asks one at a time", Wrong::unsupported);
    return true;
}

bool read_select(Cursor& in, int offset_minutes, Select& into) {
    if (in.take_mark("*")) {
        if (!in.at_word("FROM")) return in.fail("FROM");
    } else if (!read_list(in, into.properties)) {
        return false;
    }
    if (!read_class(in, into.class_name)) return false;
    for (auto& property : into.properties) drop_class(property, into.class_name);
    if (in.take_word("WHERE") && !read_where(in, into.class_name, offset_minutes, into.where.emplace()))
        return false;
    if (!no_foreign_clause(in)) return false;
    return in.at_end() || in.fail(into.where ? "AND, OR or the end" : "WHERE or the end");
}

bool read_query(Cursor& in, int offset_minutes, Query& into) {
    if (in.take_word("SELECT")) return read_select(in, offset_minutes, into.emplace<Select>());
    for (const auto kind : {Traversal::Kind::associators, Traversal::Kind::references}) {
        if (!in.take_word(kind == Traversal::Kind::associators ? "ASSOCIATORS" : "REFERENCES")) continue;
        auto& traversal = into.emplace<Traversal>();
        traversal.kind = kind;
        return read_traversal(in, traversal);
    }
    return in.fail("SELECT, ASSOCIATORS OF or REFERENCES OF");
}

std::optional<std::size_t> first_that_is_no_text(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto character = encoding::decode_utf8(text.substr(at));
        if (!character.valid) return at;
        at += character.length;
    }
    return std::nullopt;
}

}  // namespace

bool Select::of_classes() const {
    return same_name(class_name, "meta_class");
}

bool no_foreign_clause(Cursor& in) {
    const char* why = refused(foreign_clauses, in.now());
    return why == nullptr || in.fail_at(in.now().place, why, Wrong::unsupported);
}

bool read_property(Cursor& in, Property& into) {
    into.place.at = in.now().place;
    do {
        const auto most = in.limits().nested;
        if (into.names.size() == most)
            return in.fail_at(in.now().place, "at most " + std::to_string(most) + " names with dots between",
                              Wrong::limit);
        if (!in.name(into.names.emplace_back(), "the name of a property")) return false;
    } while (in.take_mark("."));
    if (in.at_mark("["))
        return in.fail_at(in.now().place, "a property as a whole: WQL cannot ask elements of arrays",
                          Wrong::unsupported);
    return true;
}

void drop_class(Property& property, std::string_view class_name) {
    auto& names = property.names;
    while (names.size() > 1 && same_name(names.front(), class_name)) names.erase(names.begin());
}

std::variant<Query, Fault> parse(std::string_view text, const Limits& limits, int offset_minutes) {
    if (text.size() > limits.bytes)
        return fault_at(text, limits.bytes, Wrong::limit,
                        "a query of at most " + std::to_string(limits.bytes) + " bytes");
    if (const auto place = first_that_is_no_text(text))
        return fault_at(text, *place, Wrong::syntax, "text in UTF-8");
    Cursor in(text, limits);
    Query query;
    if (!read_query(in, offset_minutes, query)) return std::move(in).fault();
    return query;
}

}  // namespace mullion::wql
