#include <array>
#include <set>

#include "wql/parser.h"

namespace mullion::wql {
namespace {

struct NamedValue {
    std::string_view word;
    std::string Traversal::*value;
    bool of_references;  // And not of ASSOCIATORS OF alone.
};
constexpr std::array<NamedValue, 6> values = {{
    {"AssocClass", &Traversal::assoc_class, false},
    {"RequiredAssocQualifier", &Traversal::required_assoc_qualifier, false},
    {"RequiredQualifier", &Traversal::required_qualifier, true},
    {"ResultClass", &Traversal::result_class, true},
    {"ResultRole", &Traversal::result_role, false},
    {"Role", &Traversal::role, true},
}};

struct Flag {
    std::string_view word;
    bool Traversal::*value;
};
constexpr std::array<Flag, 3> flags = {{{"ClassDefsOnly", &Traversal::class_defs_only},
                                        {"KeysOnly", &Traversal::keys_only},
                                        {"SchemaOnly", &Traversal::schema_only}}};

bool of_kind(const NamedValue& each, Traversal::Kind kind) {
    return each.of_references || kind == Traversal::Kind::associators;
}

std::string all_words(Traversal::Kind kind) {
    std::string out;
    for (const auto& each : values) {
        if (of_kind(each, kind)) out += std::string(each.word) + ", ";
    }
    return out + "ClassDefsOnly, KeysOnly or SchemaOnly";
}

bool read_value(Cursor& in, Traversal& into, const NamedValue& each) {
    const auto place = in.take().place;
    if (!of_kind(each, into.kind))
        return in.fail_at(place, all_words(into.kind) + " (the other words are of ASSOCIATORS OF)");
    auto& value = into.*each.value;
    if (!value.empty()) return in.fail_at(place, "each of the words once");
    if (!in.take_mark("=")) return in.fail("'='");
    return in.name(value, "a name");
}

bool read_word(Cursor& in, Traversal& into) {
    for (const auto& each : values) {
        if (in.at_word(each.word)) return read_value(in, into, each);
    }
    for (const auto& flag : flags) {
        if (!in.at_word(flag.word)) continue;
        if (std::exchange(into.*flag.value, true)) return in.fail("each of the words once");
        in.take();
        return true;
    }
    if (in.at_word("AND") || in.at_mark(","))
        return in.fail("the next word (these words follow one another with blanks between)");
    return in.fail(all_words(into.kind));
}

// "ASSOCIATORS OF Statement", "REFERENCES OF Statement", "Schema Associations".
bool agrees(Cursor& in, const Traversal& said, std::size_t source, std::size_t words) {
    if (said.class_defs_only && !said.result_class.empty())
        return in.fail_at(words, "either ClassDefsOnly or ResultClass");
    if (said.class_defs_only && said.schema_only)
        return in.fail_at(words, "either ClassDefsOnly or SchemaOnly");
    if (said.schema_only && !said.source.of_class())
        return in.fail_at(source, "the path of a class, since SchemaOnly asks of classes");
    if (!said.schema_only && said.source.of_class())
        return in.fail_at(source, "the path of an instance, or SchemaOnly behind that of a class");
    return true;
}

bool read_source(Cursor& in, Traversal& into, std::size_t& place) {
    if (!in.take_word("OF")) return in.fail("OF");
    if (!in.at_mark("{")) return in.fail("'{' and the path of an object");
    place = in.now().end;
    while (place < in.query().size() && in.query()[place] == ' ') ++place;
    auto read = parse_path_front(in.query(), place, in.limits().path);
    if (auto* wrong = std::get_if<Fault>(&read)) return in.fail_with(std::move(*wrong));
    auto& front = std::get<PathFront>(read);
    into.source = std::move(front.path);
    in.go_on_at(front.end);
    return in.take_mark("}") || in.fail("'}' behind the path");
}

}  // namespace

bool read_traversal(Cursor& in, Traversal& into) {
    std::size_t source = 0;
    if (!read_source(in, into, source)) return false;
    const auto words = in.now().end;
    if (in.take_word("WHERE")) {
        do {
            if (!read_word(in, into)) return false;
        } while (!in.at_end() && !in.at_word("WITHIN"));
    }
    if (!no_foreign_clause(in)) return false;
    if (!in.at_end()) return in.fail("WHERE or the end");
    return agrees(in, into, source, std::min(words + 1, in.query().size()));
}

}  // namespace mullion::wql
