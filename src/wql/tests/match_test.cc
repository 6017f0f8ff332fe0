#include "wql/match.h"

#include "wql/tests/support.h"

namespace mullion::wql {
namespace {

constexpr std::int64_t hour = 3'600'000'000;

// A row with a value of every type, and an instance inside of it.
class Match : public testing::Test {
protected:
    Match() {
        using namespace std::string_view_literals;
        inner_.values = {{"Name", "inner"sv}, {"Size", Number(std::uint64_t{7})}};
        inner_.classes = {"CIM_Disk", "CIM_Device"};
        row_.classes = {"Win32_X", "CIM_X"};
        row_.values = {{"__CLASS", "Win32_X"sv},
                       {"Name", "SSHd"sv},
                       {"Path", "C:\\Temp\\a_b"sv},
                       {"Digits", "10"sv},
                       {"Yes", true},
                       {"No", false},
                       {"Five", Number(std::uint64_t{5})},
                       {"Minus", Number(std::int64_t{-5})},
                       {"Huge", Number(std::uint64_t{18446744073709551615u})},
                       {"Odd", Number(std::uint64_t{9007199254740993u})},
                       {"Half", Number(0.5)},
                       {"When", DateTime{false, 16'794 * 24 * hour}},  // 2015-12-25, midnight in UTC.
                       {"Long", DateTime{true, 25 * hour}},
                       {"Ref", Reference{"Win32_Y.Name=\"z\""}},
                       {"List", Array{}},
                       {"Inner", &inner_},
                       {"Nothing", Null{}}};
    }

    // What `condition` comes to, and the same behind NOT.
    Truth truth_of(const std::string& condition) {
        const auto select = select_of("SELECT * FROM Win32_X WHERE " + condition);
        const auto truth = evaluate(*select.where, row_);
        EXPECT_EQ(matches(select, row_), truth == Truth::yes) << condition;
        const auto negated =
            evaluate(*select_of("SELECT * FROM Win32_X WHERE NOT (" + condition + ")").where, row_);
        EXPECT_EQ(static_cast<int>(truth) + static_cast<int>(negated), 2) << condition;
        return truth;
    }
    void expect(Truth wanted, std::initializer_list<const char*> conditions) {
        for (const auto* condition : conditions) EXPECT_EQ(truth_of(condition), wanted) << condition;
    }

    TestRow row_, inner_;
};

TEST_F(Match, WithoutWhereIsEveryRow) {
    EXPECT_TRUE(matches(select_of("SELECT * FROM X"), row_));
}

TEST_F(Match, ComparesText) {
    expect(Truth::yes,
           {"Name = 'sshd'", "Name = \"SSHD\"", "Name <> 'ssh'", "Name < 'sshe'", "Name > 'SSHC'",
            "Name <= 'sshd'", "Name >= 'sshd'", "'a' < Name", "name = 'sshd'", "Path = 'c:\\\\temp\\\\A_B'",
            "Digits = 10", "Digits = '10'", "Digits < '9'", "__CLASS = 'win32_x'", "Win32_X.Name = 'sshd'"});
    expect(Truth::no, {"Name = 'ssh'", "Name <> 'SSHD'", "Name < 'sshd'", "Name > 'sshd'", "Name <= 'a'",
                       "Name >= 'z'", "Digits = '0x0A'", "Name = TRUE"});
}

TEST_F(Match, ComparesNumbersOfEveryType) {
    expect(Truth::yes, {"Five = 5",
                        "Five = '5'",
                        "Five = 5.0",
                        "Five = 0x5",
                        "Five <> 6",
                        "Five < 6",
                        "Five > -6",
                        "Five <= 5",
                        "Five >= 5",
                        "Five > '-1'",
                        "Five > 4.99",
                        "Minus < 0",
                        "Minus = -5",
                        "Minus < 18446744073709551615",
                        "Huge > -1",
                        "Huge = 18446744073709551615",
                        "Huge > 9223372036854775807",
                        "Huge = '18446744073709551615'",
                        "Half < 1",
                        "Half = 0.5",
                        "Half = '5e-1'",
                        "Odd > 9007199254740992.0",
                        "Odd <> 9007199254740992.0",
                        "Five <> TRUE",
                        "7 > Five"});
    expect(Truth::no, {"Five = 6", "Five <> 5", "Five < 5", "Five > 5", "Minus > 0", "Huge < 0", "Huge = -1",
                       "Odd = 9007199254740992.0", "Half > '0.75'", "Five = TRUE"});
    expect(Truth::unknown, {"Five = 'five'", "Five <> 'five'", "Five < ''", "Five = ' 5'"});
}

TEST_F(Match, ComparesFlags) {
    expect(Truth::yes, {"Yes = TRUE", "Yes <> FALSE", "Yes = 1", "Yes = -1", "Yes = 'true'", "No = FALSE",
                        "No = 0", "No <> TRUE", "No = 'False'", "No = '0'", "TRUE = Yes"});
    expect(Truth::no, {"Yes = FALSE", "Yes <> 1", "No = 1", "No <> '0'"});
    expect(Truth::unknown, {"Yes = 'maybe'", "Yes > 0", "No < 1", "Yes <> ''"});
}

TEST_F(Match, ComparesTimesAcrossZones) {
    expect(Truth::yes, {"When = '20151225000000.000000+000'", "When = '20151225010000.000000+060'",
                        "When = '20151224190000.000000-300'", "When <> '20151225000000.000000+060'",
                        "When > '20151225000000.000000+060'", "When < '20151225000000.000001+000'",
                        "When >= '2015-12-25'", "When < 'Dec 26, 2015'", "When <= '12/25/2015 12:00 AM'",
                        "Long = '00000001010000.000000:000'", "Long > '00000001000000.000000:000'"});
    expect(Truth::no, {"When < '20151225000000.000000+000'", "Long < '00000000010000.000000:000'"});
    // A point in time is no interval; other texts and numbers are no times.
    expect(Truth::unknown, {"When = '00000001010000.000000:000'", "Long <> '20151225000000.000000+000'",
                            "When = 'yesterday'", "When > 5", "When = TRUE", "When LIKE '2015%'"});
}

TEST_F(Match, KnowsReferencesArraysAndInstances) {
    expect(Truth::yes,
           {"Ref = 'WIN32_Y.name=\"Z\"'", "Ref LIKE 'win32[_]y%'", "Ref <> 'x'", "List IS NOT NULL",
            "Inner IS NOT NULL", "Inner.Name = 'INNER'", "Inner.Size > 6", "Inner ISA 'cim_device'",
            "__this ISA 'CIM_X'", "__THIS.Name = 'sshd'", "Inner.Missing IS NULL", "Name.x IS NULL"});
    expect(Truth::no,
           {"Ref = 'x'", "Inner ISA 'CIM_X'", "__this ISA 'CIM_Device'", "List IS NULL", "Inner IS NULL"});
    expect(Truth::unknown, {"List = 5", "List LIKE '%'", "Inner = 'x'", "Inner.Missing = 5", "Name.x <> 5",
                            "Name ISA 'CIM_X'", "Nothing ISA 'CIM_X'", "Five LIKE '5'", "Nothing.x = 1"});
}

TEST_F(Match, KnowsNull) {
    expect(Truth::yes,
           {"Nothing IS NULL", "Nothing = NULL", "Name IS NOT NULL", "Name <> NULL", "No IS NOT NULL"});
    expect(Truth::no, {"Nothing IS NOT NULL", "Nothing <> NULL", "Name IS NULL", "Five = NULL"});
    expect(Truth::unknown, {"Nothing = 5", "Nothing <> 5", "Nothing = ''", "Nothing LIKE '%'",
                            "Nothing < 'a'", "Nothing = FALSE", "Nothing > '2015-12-25'"});
    row_.values["Inner"] = static_cast<const Row*>(nullptr);
    expect(Truth::yes, {"Inner IS NULL", "Inner.Name IS NULL"});
    expect(Truth::unknown, {"Inner ISA 'CIM_Disk'", "Inner.Name = 'inner'"});
}

TEST_F(Match, IsThreeValued) {
    // Yes, no and unknown, each with each.
    const std::pair<std::string, Truth> values[] = {
        {"Five = 5", Truth::yes}, {"Five = 6", Truth::no}, {"Nothing = 5", Truth::unknown}};
    for (const auto& [a, one] : values) {
        for (const auto& [b, other] : values) {
            EXPECT_EQ(truth_of(a + " AND " + b), std::min(one, other)) << a << b;
            EXPECT_EQ(truth_of(a + " OR " + b), std::max(one, other)) << a << b;
        }
    }
    EXPECT_EQ(truth_of("Five = 6 OR Five = 5 AND Nothing = 1"), Truth::unknown);
    EXPECT_EQ(truth_of("(Five = 6 OR Five = 5) AND Name = 'sshd'"), Truth::yes);
    EXPECT_EQ(truth_of("NOT Five = 6 AND Five = 5"), Truth::yes);
    EXPECT_EQ(truth_of("NOT (Five = 6 AND Nothing = 5)"), Truth::yes);
    EXPECT_EQ(truth_of("NOT (Five = 5 AND Nothing = 5)"), Truth::unknown);
}

TEST_F(Match, KnowsPatterns) {
    expect(Truth::yes,
           {"Name LIKE 'ssh_'", "Name LIKE '%S%D'", "Path LIKE 'c:\\temp%'", "Path LIKE 'c:\\\\temp%'",
            "Path LIKE '%[_]%'", "Digits LIKE '[0-9][0-9]'", "NOT Name LIKE '%x%'"});
    expect(Truth::no, {"Name LIKE 'ssh'", "Name LIKE '%[_]%'", "Path LIKE '[^C]%'"});
}

}  // namespace
}  // namespace mullion::wql
