#include "exporter/text_format.h"

#include <gtest/gtest.h>

#include <limits>

#include "exporter/page.h"

namespace mullion::exporter {
namespace {

std::string label(std::string_view text) {
    std::string out;
    append_label_value(out, text);
    return out;
}
std::string number(double value) {
    std::string out;
    append_number(out, value);
    return out;
}

constexpr Family plain = {"plain", Kind::gauge, "A line\nand a \\ and a \"quote\"", {}};
constexpr Family two = {"two_total", Kind::counter, "Two", {"a", "b"}};

TEST(TextFormat, LabelsAreEscapedAsTheFormatSays) {
    EXPECT_EQ(label("C:\\Program \"Files\"\n"), "C:\\\\Program \\\"Files\\\"\\n");
    EXPECT_EQ(label("Übertragung ✓ 🐢"), "Übertragung ✓ 🐢");
}

TEST(TextFormat, BytesThatAreNoUtf8AreReplaced) {
    const std::string mark = "\xEF\xBF\xBD";
    EXPECT_EQ(label("a\xFFz"), "a" + mark + "z");
    EXPECT_EQ(label("\xC3"), mark);                        // Cut off.
    EXPECT_EQ(label("\xC0\x80"), mark + mark);             // Overlong.
    EXPECT_EQ(label("\xED\xA0\x80"), mark + mark + mark);  // A surrogate.
    EXPECT_EQ(label("\xF4\x90\x80\x80"), mark + mark + mark + mark);
    EXPECT_EQ(label("\xE2\x82"), mark + mark);
}

TEST(TextFormat, NumbersAreShortAndExact) {
    EXPECT_EQ(number(0), "0");
    EXPECT_EQ(number(67.7134), "67.7134");
    EXPECT_EQ(number(4294967295.0), "4294967295");
    EXPECT_EQ(number(-0.5), "-0.5");
    EXPECT_EQ(number(125e6), "125000000");
    EXPECT_EQ(number(1e300), "1e+300");
    EXPECT_EQ(number(std::numeric_limits<double>::infinity()), "+Inf");
    EXPECT_EQ(number(-std::numeric_limits<double>::infinity()), "-Inf");
    EXPECT_EQ(number(std::numeric_limits<double>::quiet_NaN()), "NaN");
}

TEST(TextFormat, LabelsAreChangedAndNothingElse) {
    const auto change = [](std::string text) {
        for (auto at = text.find("sec\"\n"); at != std::string::npos; at = text.find("sec\"\n"))
            text.replace(at, 5, "***");
        return text;
    };
    Page page;
    page.add(two, {"a sec\"\nb", "sec\\"}, 1);
    page.add(two, {"sec\"\n", ""}, 2);
    page.add(plain, {}, 2.5);
    EXPECT_EQ(with_label_values(page.print(), change),
              "# HELP two_total Two\n# TYPE two_total counter\n"
              "two_total{a=\"a ***b\",b=\"sec\\\\\"} 1\ntwo_total{a=\"***\"} 2\n"
              "# HELP plain A line\\nand a \\\\ and a \"quote\"\n# TYPE plain gauge\nplain 2.5\n");
    EXPECT_EQ(with_label_values("", change), "");
    EXPECT_EQ(with_label_values("up 1", change), "up 1");
    for (const std::string cut : {"a{b=\"c\\", "a{b=\"", "a{b=\"c", "a{b=\"c\",d=\""})
        (void)with_label_values(cut, change);
}

TEST(Page, EachNameHasOneHeaderHoweverItsSeriesComeIn) {
    Page page;
    page.add(two, {"1", "x"}, 1);
    page.add(plain, {}, 2.5);
    page.add(two, {"2", ""}, 3);
    EXPECT_EQ(page.print(),
              "# HELP two_total Two\n# TYPE two_total counter\n"
              "two_total{a=\"1\",b=\"x\"} 1\ntwo_total{a=\"2\"} 3\n"
              "# HELP plain A line\\nand a \\\\ and a \"quote\"\n# TYPE plain gauge\nplain 2.5\n");
}

TEST(Page, ASeriesThatComesTwiceIsShownOnce) {
    Page page;
    page.add(two, {"1", "x"}, 1);
    page.add(two, {"1", "x"}, 2);
    EXPECT_EQ(page.series(), 1U);
    EXPECT_EQ(page.dropped(), 1U);
    EXPECT_NE(page.print().find("} 1\n"), std::string::npos);
    EXPECT_EQ(page.print().find("} 2\n"), std::string::npos);
}

TEST(Page, HasLimitsAndCutsNoCharacterInTwo) {
    Page page({.series = 2, .label_bytes = 4});
    page.add(two, {"abc\xC3\xBC", "x"}, 1);
    page.add(two, {"2", "x"}, 1);
    page.add(two, {"3", "x"}, 1);
    EXPECT_EQ(page.series(), 2U);
    EXPECT_EQ(page.dropped(), 1U);
    EXPECT_NE(page.print().find("{a=\"abc\",b=\"x\"}"), std::string::npos);

    // A host multiplies what it sends: a service's name stands in thirteen series.
    Page small({.bytes = 1'000});
    for (int at = 0; at < 1'000; ++at) small.add(two, {std::to_string(at), std::string(100, 'x')}, 1);
    EXPECT_EQ(small.series(), 9U);
    EXPECT_EQ(small.dropped(), 991U);
}

}  // namespace
}  // namespace mullion::exporter
