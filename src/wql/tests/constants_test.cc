// Numbers, dates, letters.
#include <limits>

#include "wql/datetime.h"
#include "wql/fold.h"
#include "wql/number.h"
#include "wql/tests/support.h"

namespace mullion::wql {
namespace {

constexpr auto most_signed = std::numeric_limits<std::int64_t>::max();
constexpr auto least_signed = std::numeric_limits<std::int64_t>::min();
constexpr auto most_unsigned = std::numeric_limits<std::uint64_t>::max();

TEST(Number, IsReadUpToItsEdges) {
    EXPECT_EQ(read_number("0"), Number(std::uint64_t{0}));
    EXPECT_EQ(read_number("-0"), Number(std::uint64_t{0}));
    EXPECT_EQ(read_number("18446744073709551615"), Number(most_unsigned));
    EXPECT_EQ(read_number("18446744073709551616"), std::nullopt);
    EXPECT_EQ(read_number("-9223372036854775808"), Number(least_signed));
    EXPECT_EQ(read_number("-9223372036854775809"), std::nullopt);
    EXPECT_EQ(read_number("0xfF"), Number(std::uint64_t{255}));
    EXPECT_EQ(read_number("0x10000000000000000"), std::nullopt);
    EXPECT_EQ(read_number("1e308"), Number(1e308));
    for (const char* none : {"",      "-",  "+",  "--1", "0x",  "0x-1", "1 ",    " 1",    "1a",  "1e",
                             "1e999", ".5", "e5", "inf", "nan", "-inf", "1.2.3", "0x1.8", "1,5", "+-1"})
        EXPECT_EQ(read_number(none), std::nullopt) << none;
}

TEST(Number, IsWrittenAsItIsRead) {
    for (const char* text :
         {"0", "-1", "18446744073709551615", "1.5", "-0.0", "1e+22", "1e-07", "1e+06", "1234.0"})
        EXPECT_EQ(write_number(*read_number(text)), text);
}

TEST(Number, IsComparedExactly) {
    const Number big = most_unsigned, least = least_signed, minus = std::int64_t{-1};
    EXPECT_TRUE(compare(big, minus) > 0);
    EXPECT_TRUE(compare(least, big) < 0);
    EXPECT_TRUE(compare(number_of(most_signed), Number(std::uint64_t{most_signed})) == 0);
    EXPECT_TRUE(compare(Number(std::int64_t{5}), Number(std::uint64_t{5})) == 0);
    EXPECT_TRUE(compare(Number(5.0), Number(std::uint64_t{5})) == 0);
    // As doubles these would be equal.
    EXPECT_TRUE(compare(Number(std::uint64_t{9007199254740993}), Number(9007199254740992.0)) > 0);
    EXPECT_TRUE(compare(big, Number(18446744073709551616.0)) < 0);
    EXPECT_TRUE(compare(Number(std::numeric_limits<double>::quiet_NaN()), big) ==
                std::partial_ordering::unordered);
}

constexpr std::int64_t second = 1'000'000, hour = 3600 * second, day = 24 * hour;

TEST(DateTime, IsReadInEveryForm) {
    const std::int64_t christmas = 16'794 * day;  // 2015-12-25.
    const struct {
        const char* text;
        std::int64_t value;
    } rows[] = {
        {"20151225000000.000000+000", christmas},
        {"20151225000000.000000-000", christmas},
        {"20151225010000.000000+060", christmas},
        {"20151224190000.000000-300", christmas},
        {"20151225000000.000001+000", christmas + 1},
        {"20151225235959.999999+000", christmas + day - 1},
        {"2015-12-25", christmas},
        {"2015/12/25", christmas},
        {"2015.12.25", christmas},
        {"12/25/2015", christmas},
        {"12-25-2015", christmas},
        {"12.25.2015", christmas},
        {"20151225", christmas},
        {"20151225 13:00", christmas + 13 * hour},
        {"Dec 25 2015", christmas},
        {"december 25, 2015", christmas},
        {"25 Dec 2015", christmas},
        {"25 December, 2015", christmas},
        {"25Dec2015", christmas},
        {"Dec 2015 25", christmas},
        {"2015 Dec 25", christmas},
        {"2015 25 december", christmas},
        {"25 2015 Dec", christmas},
        {"Dec 2015", christmas - 24 * day},
        {"2015 December", christmas - 24 * day},
        {"December, 2015 4 PM", christmas - 24 * day + 16 * hour},
        {"Dec 25 2015 4 PM", christmas + 16 * hour},
        {"2015 Dec 4:00", christmas - 24 * day + 4 * hour},
        {"2015-12-25 23:59:58", christmas + day - 2 * second},
        {"2015-12-25 00:00:01:500", christmas + second + 500'000},
        {"2015-12-25 00:00:01.5", christmas + second + 500'000},
        {"2015-12-25  1:02", christmas + hour + 120 * second},
        {"2015-12-25 12 AM", christmas},
        {"2015-12-25 12:00PM", christmas + 12 * hour},
        {"2015-12-25 4 pm", christmas + 16 * hour},
        {"2015-12-25 11:59:59 PM", christmas + day - second},
        {"19691231235959.000000+000", -second},
        {"20160229000000.000000+000", christmas + 66 * day},
    };
    for (const auto& row : rows)
        EXPECT_EQ(parse_datetime(row.text), (DateTime{false, row.value})) << row.text;
}

TEST(DateTime, KnowsIntervals) {
    EXPECT_EQ(parse_datetime("00000001120032.000000:000"), (DateTime{true, day + 12 * hour + 32 * second}));
    EXPECT_EQ(parse_datetime("99999999235959.999999:000"), (DateTime{true, 100'000'000 * day - 1}));
}

TEST(DateTime, OfOtherFormsIsNone) {
    for (const char* text : {"",
                             " ",
                             "2015122",
                             "201512255",
                             "20151325000000.000000+000",
                             "20150229000000.000000+000",
                             "20151225240000.000000+000",
                             "20151225006000.000000+000",
                             "20151225000060.000000+000",
                             "20151225000000.000000 000",
                             "20151225000000,000000+000",
                             "20151225000000.000000+0000",
                             "20151225000000.00000+000",
                             "2015****000000.000000+000",
                             "20151225000000.******+000",
                             "00000001240000.000000:000",
                             "00000001120032.000000:001",
                             "00000001120032.******:000",
                             "2015-13-01",
                             "2015-02-30",
                             "2015-12/25",
                             "15-12-25",
                             "12/25/15",
                             "25/12/2015",
                             "2015-12-25T00:00",
                             "2015-12-25 24:00",
                             "2015-12-25 0:60",
                             "2015-12-25 13 PM",
                             "2015-12-25 0 AM",
                             "2015-12-25 7",
                             "2015-12-25 7:0",
                             "2015-12-25 7:00 XM",
                             "2015-12-25 7:00 PM x",
                             "2015-12-25 ",
                             "Dez 25 2015",
                             "Dec 32 2015",
                             "Dec Dec 2015",
                             "2015 2015 Dec",
                             "25 25 2015",
                             "Dec 2015,",
                             "Dec,, 2015",
                             "Dec 25 2015 7",
                             "Dec 0 2015",
                             "25 2015",
                             "Dec 125 2015",
                             "Dec 25 20155",
                             "2015 Dec 25PM",
                             "Dec 25",
                             "Dec",
                             "25",
                             "2015",
                             "D 25 2015",
                             "0000-00-00",
                             "1234567890123456789012345678901234567890123456789012345678901234"
                             "5"}) {
        EXPECT_EQ(parse_datetime(text), std::nullopt) << text;
    }
}

TEST(DateTime, CutIsNoneOrAnotherWrittenOne) {
    for (const std::string_view whole : {"20151225010000.000000+060", "00000001120032.000000:000"}) {
        for (std::size_t size = 0; size < whole.size(); ++size)
            EXPECT_EQ(parse_datetime(std::string(whole.substr(0, size))).has_value(),
                      size == 8 && whole.starts_with("2015"))
                << whole.substr(0, size);
    }
    const std::string_view written = "December 25, 2015 11:59:59:123 PM";
    for (std::size_t size = 0; size < written.size(); ++size) {
        const auto read = parse_datetime(std::string(written.substr(0, size)));
        EXPECT_TRUE(!read || read->microseconds <= 16'794 * day + day) << size;
    }
}

TEST(Fold, KnowsNoCase) {
    EXPECT_TRUE(same_name("Win32_Service", "WIN32_SERVICE"));
    EXPECT_FALSE(same_name("Name", "Names"));
    for (const auto& [upper, lower] : {std::pair("GRÜN", "grün"),
                                       {"ŠKODA", "škoda"},
                                       {"ΑΘΉΝΑ", "αθΉνα"},
                                       {"МОСКВА", "москва"},
                                       {"Ё", "ё"},
                                       {"Ÿ", "ÿ"},
                                       {"ŹŻŽ", "źżž"},
                                       {"ĹĽŇ", "ĺľň"},
                                       {"Ա", "ա"},
                                       {"ΟΔΟΣ", "οδος"},
                                       {"Ⱥ", "ⱥ"},
                                       {"Ａ", "ａ"}})
        EXPECT_EQ(compare_text(upper, lower), 0) << upper;
    EXPECT_NE(compare_text("×", "÷"), 0);
    EXPECT_NE(compare_text("ß", "ss"), 0);
}

TEST(Fold, OrdersByCharacter) {
    EXPECT_LT(compare_text("a", "B"), 0);
    EXPECT_LT(compare_text("B", "c"), 0);
    EXPECT_LT(compare_text("a", "aa"), 0);
    EXPECT_GT(compare_text("b", "aa"), 0);
    EXPECT_LT(compare_text("", "a"), 0);
    EXPECT_EQ(compare_text("", ""), 0);
    EXPECT_LT(compare_text("￿", "😀"), 0);  // By code points and not by units of UTF-16.
    EXPECT_GT(compare_text("\x80", "😀"), 0);
    EXPECT_NE(compare_text("\x80", "\x81"), 0);
}

}  // namespace
}  // namespace mullion::wql
