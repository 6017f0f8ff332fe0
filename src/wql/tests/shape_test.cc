#include "wql/shape.h"

#include "wql/tests/support.h"

namespace mullion::wql {
namespace {

using Type = PropertyShape::Type;

const ClassShape shape = {"Win32_X",
                          {{"State", Type::text},
                           {"BytesReceivedPersec", Type::number},
                           {"Name", Type::text},
                           {"Started", Type::boolean},
                           {"InstallDate", Type::datetime},
                           {"Antecedent", Type::reference},
                           {"Inner", Type::object},
                           {"Strings", Type::text, true},
                           {"Inners", Type::object, true}}};

TEST(Shape, TakesWhatGoesWithIt) {
    for (const char* condition : {"Name = 'a'",
                                  "name LIKE '%a%'",
                                  "Name < 'a'",
                                  "Name = 5",
                                  "Name = TRUE",
                                  "Name IS NULL",
                                  "BytesReceivedPerSec > 5",
                                  "BytesReceivedPersec = '5'",
                                  "BytesReceivedPersec = TRUE",
                                  "Started = TRUE",
                                  "Started <> 'FALSE'",
                                  "Started = 1",
                                  "Started = '0'",
                                  "InstallDate > '20151225000000.000000+000'",
                                  "InstallDate = '2015-12-25'",
                                  "InstallDate IS NOT NULL",
                                  "Antecedent = 'Win32_Y.Name=\"z\"'",
                                  "Antecedent LIKE '%z%'",
                                  "Inner ISA 'Y'",
                                  "Inner.Whatever = 5",
                                  "Inner IS NULL",
                                  "Strings IS NOT NULL",
                                  "Inners IS NULL",
                                  "__CLASS = 'Win32_X'",
                                  "__this ISA 'Win32_X'",
                                  "__GENUS = 2",
                                  "__PATH LIKE '%x%'",
                                  "__derivation IS NOT NULL",
                                  "Win32_X.Name = 'a'"}) {
        const auto text =
            std::string("SELECT Name, Win32_X.State, __PATH, Inner.Name FROM Win32_X WHERE ") + condition;
        const auto fault = check(select_of(text), text, shape);
        EXPECT_FALSE(fault) << text << ": " << fault->text();
    }
}

TEST(Shape, SaysWhatDoesNotGoWithIt) {
    const struct {
        const char *marked, *expected;
    } rows[] = {
        {"SELECT ¦Nme FROM Win32_X", "a property of Win32_X (did you mean Name?)"},
        {"SELECT Name, ¦Zzzzzzzz FROM Win32_X WHERE Also = 1", "a property of Win32_X"},
        {"SELECT Name, ¦__CLAS FROM Win32_X", "a property of Win32_X (did you mean __CLASS?)"},
        {"SELECT ¦Name.x FROM Win32_X", "a property that is an embedded instance"},
        {"SELECT ¦Inners.x FROM Win32_X", "a property that is an embedded instance"},
        {"SELECT * FROM Win32_X WHERE ¦Stat = 'a'", "a property of Win32_X (did you mean State?)"},
        {"SELECT * FROM Win32_X WHERE Name = 'a' AND (State = 'b' OR NOT ¦c = 1)", "a property of Win32_X"},
        {"SELECT * FROM Win32_X WHERE ¦Name.x = 1", "a property that is an embedded instance"},
        {"SELECT * FROM Win32_X WHERE BytesReceivedPersec = ¦'many'", "a number"},
        {"SELECT * FROM Win32_X WHERE ¦'many' = BytesReceivedPersec", "a number"},
        {"SELECT * FROM Win32_X WHERE ¦BytesReceivedPersec LIKE '5%'", "LIKE with text alone"},
        {"SELECT * FROM Win32_X WHERE Started = ¦'maybe'", "TRUE, FALSE or a number"},
        {"SELECT * FROM Win32_X WHERE ¦Started > 0", "= or <>: TRUE and FALSE have no order"},
        {"SELECT * FROM Win32_X WHERE ¦Started LIKE 'T%'", "LIKE with text alone"},
        {"SELECT * FROM Win32_X WHERE InstallDate > ¦'yesterday'", "a date and time in quotes"},
        {"SELECT * FROM Win32_X WHERE InstallDate > ¦'2015****000000.000000+000'",
         "a date and time in quotes"},
        {"SELECT * FROM Win32_X WHERE InstallDate > ¦2015", "a date and time in quotes"},
        {"SELECT * FROM Win32_X WHERE ¦InstallDate LIKE '2015%'", "LIKE with text alone"},
        {"SELECT * FROM Win32_X WHERE Antecedent = ¦5", "the path of an object"},
        {"SELECT * FROM Win32_X WHERE ¦Inner = 5", "ISA, IS NULL, IS NOT NULL"},
        {"SELECT * FROM Win32_X WHERE ¦Inner LIKE '5'", "ISA, IS NULL, IS NOT NULL"},
        {"SELECT * FROM Win32_X WHERE ¦Name ISA 'X'", "ISA with an embedded instance"},
        {"SELECT * FROM Win32_X WHERE ¦Strings = 'a'", "IS NULL or IS NOT NULL"},
        {"SELECT * FROM Win32_X WHERE ¦Inners ISA 'a'", "IS NULL or IS NOT NULL"},
        {"SELECT * FROM Win32_X WHERE ¦__DERIVATION = 'a'", "IS NULL or IS NOT NULL"},
    };
    for (const auto& row : rows) {
        const std::string_view marked = row.marked, mark = "¦";
        const auto place = marked.find(mark);
        const auto text =
            std::string(marked.substr(0, place)) + std::string(marked.substr(place + mark.size()));
        const auto fault = check(select_of(text), text, shape);
        ASSERT_TRUE(fault) << text;
        EXPECT_EQ(fault->place, place) << text << ": " << fault->text();
        EXPECT_EQ(fault->wrong, Wrong::class_shape);
        EXPECT_TRUE(fault->expected.starts_with(row.expected)) << text << ": " << fault->text();
    }
}

TEST(Shape, SelectsInTheOrderAndSpellingOfWinrm) {
    const auto names = [](const char* text) { return selected(select_of(text), shape); };
    using Names = std::vector<std::string_view>;
    EXPECT_EQ(names("SELECT state, NAME FROM Win32_X"), (Names{"Name", "State"}));
    EXPECT_EQ(names("SELECT BytesReceivedPerSec FROM Win32_X"), (Names{"BytesReceivedPersec"}));
    EXPECT_EQ(names("SELECT Name, name, Win32_X.NAME FROM Win32_X"), (Names{"Name"}));
    EXPECT_EQ(names("SELECT Inner.Name, __PATH FROM Win32_X"), (Names{"Inner"}));
    EXPECT_EQ(names("SELECT * FROM Win32_X WHERE Name = 'a'"),
              (Names{"Antecedent", "BytesReceivedPersec", "Inner", "Inners", "InstallDate", "Name", "Started",
                     "State", "Strings"}));
}

}  // namespace
}  // namespace mullion::wql
