// Queries that are wrong. "¦" stands where the fault is, and is no part of the query.
#include "wql/tests/support.h"

namespace mullion::wql {
namespace {

struct Row {
    const char* marked;
    const char* expected;  // Its beginning.
    Wrong wrong = Wrong::syntax;
};

const char* const name = "the name of a property";
const char* const ops = "= <> < > <= >= LIKE, IS or ISA";
const char* const operand = "a property, a constant, NOT or '('";
const char* const events = "a query of instances: events";
constexpr auto unsupported = Wrong::unsupported;

const Row rows[] = {
    // How it begins.
    {"¦", "SELECT, ASSOCIATORS OF or REFERENCES OF"},
    {"   ¦", "SELECT, ASSOCIATORS OF or REFERENCES OF"},
    {"¦SELEC * FROM X", "SELECT, ASSOCIATORS OF"},
    {"¦* FROM X", "SELECT, ASSOCIATORS OF"},
    {"¦FROM X", "SELECT, ASSOCIATORS OF"},
    {"¦(SELECT * FROM X)", "SELECT, ASSOCIATORS OF"},
    {"¦DELETE FROM X", "SELECT, ASSOCIATORS OF"},
    {"¦'SELECT * FROM X'", "SELECT, ASSOCIATORS OF"},
    {"¦; SELECT * FROM X", "a word, a constant or an operator"},
    {"¦-- SELECT", "a word, a constant or an operator"},
    // What is selected.
    {"SELECT¦", name},
    {"SELECT ¦FROM X", name},
    {"SELECT ¦, a FROM X", name},
    {"SELECT a,¦", name},
    {"SELECT a, ¦FROM X", name},
    {"SELECT a,¦, b FROM X", name},
    {"SELECT a ¦b FROM X", "',' or FROM"},
    {"SELECT a ¦AS b FROM X", "',' or FROM"},
    {"SELECT a ¦* FROM X", "',' or FROM"},
    {"SELECT * ¦a FROM X", "FROM"},
    {"SELECT *¦, a FROM X", "FROM"},
    {"SELECT *¦", "FROM"},
    {"SELECT a¦", "',' or FROM"},
    {"SELECT ¦'a' FROM X", name},
    {"SELECT ¦5 FROM X", name},
    {"SELECT ¦NULL FROM X", name},
    {"SELECT ¦TRUE FROM X", name},
    {"SELECT a. ¦FROM X", name},
    {"SELECT a.¦* FROM X", name},
    {"SELECT ¦.a FROM X", name},
    {"SELECT a¦-b FROM X", "a word, a constant or an operator"},
    {"SELECT ¦[a] FROM X", name},
    {"SELECT ¦`a` FROM X", "a word, a constant or an operator"},
    {"SELECT a¦$ FROM X", "a word, a constant or an operator"},
    {"SELECT Gr¦öße FROM X", "a word, a constant or an operator"},
    {"SELECT ¦12a FROM X", "a number of at most 64 bits"},
    {"SELECT a¦[0] FROM X", "a property as a whole", unsupported},
    {"SELECT ¦COUNT(*) FROM X", "properties: functions such as COUNT(*)", unsupported},
    {"SELECT a, ¦MAX(b) FROM X", "properties: functions such as COUNT(*)", unsupported},
    {"SELECT ¦DISTINCT a FROM X", "properties: WQL has no DISTINCT", unsupported},
    {"SELECT ¦TOP 5 a FROM X", "properties: WQL has no TOP", unsupported},
    {"SELECT ¦ALL a FROM X", "properties: WQL has no ALL", unsupported},
    // Of what.
    {"SELECT * FROM¦", "the name of a class"},
    {"SELECT * FROM ¦WHERE a = 1", "the name of a class"},
    {"SELECT * FROM ¦'X'", "the name of a class"},
    {"SELECT * FROM ¦5", "the name of a class"},
    {"SELECT * FROM ¦*", "the name of a class"},
    {"SELECT * FROM ¦{X}", "the name of a class"},
    {"SELECT * FROM root¦\\cimv2:X", "the name of a class alone"},
    {"SELECT * FROM root¦/cimv2/X", "the name of a class alone"},
    {"SELECT * FROM X¦.a", "the name of a class alone"},
    {"SELECT * FROM X¦, Y", "one class", unsupported},
    {"SELECT * FROM X ¦JOIN Y", "a query of one class", unsupported},
    {"SELECT * FROM X ¦INNER JOIN Y", "a query of one class", unsupported},
    {"SELECT * FROM X ¦y", "WHERE or the end"},
    {"SELECT * FROM X¦;", "a word, a constant or an operator"},
    {"SELECT * FROM X ¦)", "WHERE or the end"},
    {"SELECT * FROM X ¦AND a = 1", "WHERE or the end"},
    // Events, and clauses of other languages.
    {"SELECT * FROM __InstanceCreationEvent ¦WITHIN 10", events, unsupported},
    {"SELECT * FROM __InstanceModificationEvent ¦WITHIN 10 WHERE TargetInstance ISA 'X'", events,
     unsupported},
    {"SELECT * FROM X WHERE a = 1 ¦WITHIN 5", events, unsupported},
    {"SELECT * FROM X ¦GROUP WITHIN 10 BY a", events, unsupported},
    {"SELECT * FROM X WHERE a = 1 ¦GROUP BY a", events, unsupported},
    {"SELECT * FROM X WHERE a = 1 ¦HAVING NumberOfEvents > 5", events, unsupported},
    {"SELECT * FROM X ¦ORDER BY a", "a query without ORDER BY", unsupported},
    {"SELECT * FROM X WHERE a = 1 ¦order by a DESC", "a query without ORDER BY", unsupported},
    {"SELECT * FROM X ¦LIMIT 5", "a query without LIMIT", unsupported},
    {"SELECT * FROM X ¦UNION SELECT * FROM Y", "one query", unsupported},
    // What is compared.
    {"SELECT * FROM X WHERE¦", operand},
    {"SELECT * FROM X WHERE ¦AND", operand},
    {"SELECT * FROM X WHERE ¦= 5", operand},
    {"SELECT * FROM X WHERE ¦WHERE a = 1", operand},
    {"SELECT * FROM X WHERE ¦*", operand},
    {"SELECT * FROM X WHERE a¦", ops},
    {"SELECT * FROM X WHERE a ¦5", ops},
    {"SELECT * FROM X WHERE a ¦b = 5", ops},
    {"SELECT * FROM X WHERE a ¦AND b = 5", ops},
    {"SELECT * FROM X WHERE (a¦)", ops},
    {"SELECT * FROM X WHERE a. ¦= 5", name},
    {"SELECT * FROM X WHERE a¦[0] = 5", "a property as a whole", unsupported},
    {"SELECT * FROM X WHERE a =¦= 5", "a constant"},
    {"SELECT * FROM X WHERE a =¦", "a constant"},
    {"SELECT * FROM X WHERE a > ¦= 5", "a constant"},
    {"SELECT * FROM X WHERE a =¦< 5", "a constant"},
    {"SELECT * FROM X WHERE a ¦! 5", "a word, a constant or an operator"},
    {"SELECT * FROM X WHERE a ¦~ 5", "a word, a constant or an operator"},
    {"SELECT * FROM X WHERE a = ¦b", "a constant (WQL compares a property with a constant"},
    {"SELECT * FROM X WHERE a = ¦Running", "a constant (WQL compares"},
    {"SELECT * FROM X WHERE a < ¦(4 + 7)", "a constant"},
    {"SELECT * FROM X WHERE a = 4 ¦+ 7", "a word, a constant or an operator"},
    {"SELECT * FROM X WHERE a = 4 ¦-7", "AND, OR or the end"},
    {"SELECT * FROM X WHERE a = ¦b / 7", "a constant (WQL compares"},
    {"SELECT * FROM X WHERE 5 ¦a", "= <> < > <= or >= behind a constant"},
    {"SELECT * FROM X WHERE 5¦", "= <> < > <= or >= behind a constant"},
    {"SELECT * FROM X WHERE 'a%' ¦LIKE b", "= <> < > <= or >= behind a constant"},
    {"SELECT * FROM X WHERE 5 = ¦5", "a property (one side"},
    {"SELECT * FROM X WHERE 5 = ¦'a'", "a property (one side"},
    {"SELECT * FROM X WHERE 5 =¦", name},
    {"SELECT * FROM X WHERE a = ¦.5", "a constant"},
    {"SELECT * FROM X WHERE a = ¦5x", "a number of at most 64 bits"},
    {"SELECT * FROM X WHERE a = ¦0x", "a number of at most 64 bits"},
    {"SELECT * FROM X WHERE a = ¦1.2.3", "a number of at most 64 bits"},
    {"SELECT * FROM X WHERE a = ¦1e", "a number of at most 64 bits"},
    {"SELECT * FROM X WHERE a = ¦1e400", "a number of at most 64 bits"},
    {"SELECT * FROM X WHERE a = ¦18446744073709551616", "a number of at most 64 bits"},
    {"SELECT * FROM X WHERE a = ¦-9223372036854775809", "a number of at most 64 bits"},
    {"SELECT * FROM X WHERE a = ¦- 5", "a word, a constant or an operator"},
    {"SELECT * FROM X WHERE a ¦< TRUE", "= or <> with TRUE, FALSE and NULL"},
    {"SELECT * FROM X WHERE a ¦>= FALSE", "= or <> with TRUE, FALSE and NULL"},
    {"SELECT * FROM X WHERE a ¦> NULL", "= or <> with TRUE, FALSE and NULL"},
    {"SELECT * FROM X WHERE NULL ¦<= a", "= or <> with TRUE, FALSE and NULL"},
    // Strings.
    {"SELECT * FROM X WHERE a = ¦'b", "the quote that ends the string"},
    {"SELECT * FROM X WHERE a = ¦\"b'", "the quote that ends the string"},
    {"SELECT * FROM X WHERE a = ¦'b\\'", "the quote that ends the string"},
    {"SELECT * FROM X WHERE a = ¦'", "the quote that ends the string"},
    {"SELECT * FROM X WHERE a = 'it'¦'s'", "AND, OR or the end"},
    {"SELECT * FROM X WHERE a = 'C:¦\\temp'", "\\\\, \\\" or \\' (a backslash"},
    {"SELECT * FROM X WHERE a = '¦\\n'", "\\\\, \\\" or \\' (a backslash"},
    {"SELECT * FROM X WHERE 'C:¦\\temp' = a", "\\\\, \\\" or \\' (a backslash"},
    {"SELECT * FROM X WHERE a ISA 'b¦\\c'", "\\\\, \\\" or \\' (a backslash"},
    {"SELECT * FROM X WHERE a = ¦“b”", "a word, a constant or an operator"},
    {"SELECT * FROM X WHERE a = 'b¦\xff'", "text in UTF-8"},
    {"SELECT * FROM X WHERE a = 'b¦\xc3'", "text in UTF-8"},
    // LIKE, IS, ISA and what WQL has not.
    {"SELECT * FROM X WHERE a LIKE¦", "a pattern in quotes"},
    {"SELECT * FROM X WHERE a LIKE ¦b", "a pattern in quotes"},
    {"SELECT * FROM X WHERE a LIKE ¦5", "a pattern in quotes"},
    {"SELECT * FROM X WHERE a LIKE ¦%b%", "a word, a constant or an operator"},
    {"SELECT * FROM X WHERE a LIKE ¦NULL", "a pattern in quotes"},
    {"SELECT * FROM X WHERE a LIKE ¦'[b'", "a ']' behind the '['"},
    {"SELECT * FROM X WHERE a LIKE ¦'[]'", "a character between"},
    {"SELECT * FROM X WHERE a LIKE ¦'[z-a]'", "a range of characters"},
    {"SELECT * FROM X WHERE a LIKE 'b' ¦ESCAPE '!'", "AND, OR or the end"},
    {"SELECT * FROM X WHERE a ¦NOT LIKE 'b%'", "= <> < > <= >= LIKE, IS or ISA (NOT stands in front"},
    {"SELECT * FROM X WHERE a ¦IN (1, 2)", "= <> < > <= >= LIKE, IS or ISA (WQL has no IN"},
    {"SELECT * FROM X WHERE a ¦BETWEEN 1 AND 2", "= <> < > <= >= LIKE, IS or ISA (WQL has no IN"},
    {"SELECT * FROM X WHERE a IS¦", "NULL or NOT NULL"},
    {"SELECT * FROM X WHERE a IS ¦5", "NULL or NOT NULL"},
    {"SELECT * FROM X WHERE a IS ¦TRUE", "NULL or NOT NULL"},
    {"SELECT * FROM X WHERE a IS NOT¦", "NULL"},
    {"SELECT * FROM X WHERE a IS NOT ¦'b'", "NULL"},
    {"SELECT * FROM X WHERE a ISA¦", "the name of a class in quotes"},
    {"SELECT * FROM X WHERE a ISA ¦B", "the name of a class in quotes"},
    // What goes between.
    {"SELECT * FROM X WHERE a = 1 ¦b = 2", "AND, OR or the end"},
    {"SELECT * FROM X WHERE a = 1¦, b = 2", "AND, OR or the end"},
    {"SELECT * FROM X WHERE a = 1 ¦& b = 2", "a word, a constant or an operator"},
    {"SELECT * FROM X WHERE a = 1 AND¦", operand},
    {"SELECT * FROM X WHERE a = 1 AND ¦OR b = 2", operand},
    {"SELECT * FROM X WHERE a = 1 OR¦", operand},
    {"SELECT * FROM X WHERE NOT¦", operand},
    {"SELECT * FROM X WHERE a = 1 ¦NOT b = 2", "AND, OR or the end"},
    {"SELECT * FROM X WHERE (¦", operand},
    {"SELECT * FROM X WHERE (¦)", operand},
    {"SELECT * FROM X WHERE (a = 1¦", "AND, OR or ')'"},
    {"SELECT * FROM X WHERE ((a = 1)¦", "AND, OR or ')'"},
    {"SELECT * FROM X WHERE (a = 1 ¦b = 2)", "AND, OR or ')'"},
    {"SELECT * FROM X WHERE (a = 1 ¦ORDER BY b)", "AND, OR or ')'"},
    {"SELECT * FROM X WHERE a = 1¦)", "AND, OR or the end"},
    {"SELECT * FROM X WHERE a = 1 ¦SELECT", "AND, OR or the end"},
    // Traversals.
    {"ASSOCIATORS¦", "OF"},
    {"ASSOCIATORS ¦{X=1}", "OF"},
    {"REFERENCES OF¦", "'{' and the path of an object"},
    {"REFERENCES OF ¦X=1", "'{' and the path of an object"},
    {"REFERENCES OF {¦}", "the name of a class"},
    {"REFERENCES OF {X=1¦", "'}' behind the path"},
    {"REFERENCES OF {X=1¦]", "a word, a constant or an operator"},
    {"REFERENCES OF {X ¦= 1}", "'}' behind the path"},
    {"REFERENCES OF {X.a=¦'b}", "the quote that ends the string"},
    {"REFERENCES OF {root\\cimv2¦}", "'\\' or ':' behind a namespace"},
    {"REFERENCES OF {X=1} ¦Role=a", "WHERE or the end"},
    {"REFERENCES OF {X=1} ¦ORDER BY a", "a query without ORDER BY", unsupported},
    {"REFERENCES OF {X=1} WHERE Role=a ¦WITHIN 5", events, unsupported},
    {"REFERENCES OF {X=1} WHERE¦", "RequiredQualifier, ResultClass, Role, ClassDefsOnly"},
    {"REFERENCES OF {X=1} WHERE ¦a=b", "RequiredQualifier, ResultClass, Role, ClassDefsOnly"},
    {"REFERENCES OF {X=1} WHERE ¦AssocClass=b", "RequiredQualifier, ResultClass, Role, ClassDefsOnly"},
    {"REFERENCES OF {X=1} WHERE ¦ResultRole=b", "RequiredQualifier, ResultClass, Role, ClassDefsOnly"},
    {"ASSOCIATORS OF {X=1} WHERE ¦a=b", "AssocClass, RequiredAssocQualifier, RequiredQualifier"},
    {"ASSOCIATORS OF {X=1} WHERE Role¦", "'='"},
    {"ASSOCIATORS OF {X=1} WHERE Role ¦a", "'='"},
    {"ASSOCIATORS OF {X=1} WHERE Role ¦<> a", "'='"},
    {"ASSOCIATORS OF {X=1} WHERE Role =¦", "a name"},
    {"ASSOCIATORS OF {X=1} WHERE Role = ¦'a'", "a name"},
    {"ASSOCIATORS OF {X=1} WHERE Role = a ¦AND ResultClass = b", "the next word (these words follow"},
    {"ASSOCIATORS OF {X=1} WHERE Role = a¦, ResultClass = b", "the next word (these words follow"},
    {"ASSOCIATORS OF {X=1} WHERE Role = a ¦role = b", "each of the words once"},
    {"ASSOCIATORS OF {X=1} WHERE KeysOnly ¦KeysOnly", "each of the words once"},
    {"ASSOCIATORS OF {X=1} WHERE ¦ClassDefsOnly ResultClass = b", "either ClassDefsOnly or ResultClass"},
    {"ASSOCIATORS OF {X} WHERE ¦SchemaOnly ClassDefsOnly", "either ClassDefsOnly or SchemaOnly"},
    {"ASSOCIATORS OF { ¦X=1} WHERE SchemaOnly", "the path of a class, since SchemaOnly"},
    {"ASSOCIATORS OF {¦X}", "the path of an instance, or SchemaOnly"},
};

struct Marked {
    std::string text;
    std::size_t place = 0;
};

Marked unmarked(std::string_view marked) {
    const std::string_view mark = "¦";
    const auto place = marked.find(mark);
    return {std::string(marked.substr(0, place)) + std::string(marked.substr(place + mark.size())), place};
}

TEST(Faults, SayWhereAndWhatWasExpected) {
    static_assert(std::size(rows) > 150);
    for (const auto& row : rows) {
        const auto [text, place] = unmarked(row.marked);
        const auto fault = fault_of(text);
        EXPECT_EQ(fault.place, place) << text << ": " << fault.text();
        EXPECT_TRUE(fault.expected.starts_with(row.expected)) << text << ": " << fault.text();
        EXPECT_EQ(fault.wrong, row.wrong) << text << ": " << fault.text();
        EXPECT_EQ(fault.found.empty(), place == text.size()) << text;
    }
}

TEST(Faults, AreSentences) {
    EXPECT_EQ(fault_of("SELECT Name FORM Win32_Service").text(),
              "character 13: expected ',' or FROM, found \"FORM Win32_Service\"");
    EXPECT_EQ(fault_of("SELECT * FROM X WHERE a = 'Größe' b").column, 35u);
    EXPECT_EQ(fault_of("SELECT * FROM X WHERE a = 'Größe' b").place, 36u);
    EXPECT_EQ(fault_of("SELECT Name").text(), "character 12: expected ',' or FROM, found the end");
    EXPECT_EQ(fault_of("\x1b[2J").found, "\\x1b[2J");
    EXPECT_EQ(fault_of("x" + std::string(1000, 'y')).found, "x" + std::string(23, 'y'));
}

TEST(Faults, HaveTheCodesOfWmi) {
    EXPECT_EQ(wbem_code(Wrong::syntax), 0x80041017);
    EXPECT_EQ(wbem_code(Wrong::unsupported), 0x80041017);
    EXPECT_EQ(wbem_code(Wrong::class_shape), 0x80041017);
    EXPECT_EQ(wbem_code(Wrong::limit), 0x8004106C);
}

std::string repeated(const std::string& text, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += text;
    return out;
}

TEST(Faults, KeepToTheLimits) {
    Limits limits;
    limits.bytes = 400;
    limits.depth = 3;
    limits.terms = 4;
    limits.properties = 3;
    limits.nested = 2;
    limits.pattern = 5;
    limits.path.name = 10;
    limits.path.keys = 2;
    const std::string where = "SELECT * FROM X WHERE ";
    for (const auto& good :
         {where + "(((a=1)))", where + "NOT(NOT a=1)", where + "a=1 AND b=2 OR c=3 AND d=4",
          where + "a LIKE '%bcd[e-z]'", std::string("SELECT a,b,c FROM X"), std::string("SELECT a.b FROM X"),
          where + repeated("a", 10) + "=1", where + "a='" + repeated("b", 374) + "'",
          std::string("REFERENCES OF {X.a=1,b=2}")})
        EXPECT_TRUE(std::holds_alternative<Query>(parse(good, limits))) << good;
    const std::string bad[] = {
        where + "(((¦(a=1))))",
        where + "NOT NOT NOT ¦NOT a=1",
        where + "(NOT (¦NOT a=1))",
        where + "a=1 AND b=2 OR c=3 AND (d=4 OR ¦e=5)",
        where + "a LIKE ¦'%bcde[f]'",
        "SELECT a,b,c,¦d FROM X",
        "SELECT a.b.¦c FROM X",
        where + "¦" + repeated("a", 11) + "=1",
        "SELECT * FROM ¦" + repeated("X", 11),
        where + "a='" + repeated("b", 375) + "¦'",
        "REFERENCES OF {X.a=1,b=2,¦c=3}",
    };
    for (const auto& marked : bad) {
        const auto [text, place] = unmarked(marked);
        const auto fault = fault_of(text, limits);
        EXPECT_EQ(fault.place, place) << text << ": " << fault.text();
        EXPECT_EQ(fault.wrong, Wrong::limit) << text << ": " << fault.text();
    }
}

// Neither the parser nor what becomes of the query may go deeper than the limit says.
TEST(Faults, ComeInsteadOfDeepRecursion) {
    Limits limits;
    limits.bytes = 10'000'000;
    for (const char* part : {"(", "NOT ", "NOT ("}) {
        const auto fault = fault_of("SELECT * FROM X WHERE " + repeated(part, 1'000'000) + "a=1", limits);
        EXPECT_EQ(fault.wrong, Wrong::limit);
    }
}

}  // namespace
}  // namespace mullion::wql
