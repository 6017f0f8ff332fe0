#include "checks/threshold.h"

#include <gtest/gtest.h>

#include "checks/bytes.h"

namespace mullion::checks {
namespace {

Range range(std::string_view text) {
    auto read = Range::parse(text);
    if (!read) ADD_FAILURE() << text;
    return read.value_or(Range());
}

// lib/tests/test_utils.c of Monitoring Plugins, and what its ranges say of values.
TEST(Range, AlertsWhereMonitoringPluginsDo) {
    EXPECT_TRUE(range("6").alerts(7));
    EXPECT_TRUE(range("6").alerts(-0.1));
    EXPECT_FALSE(range("6").alerts(6));
    EXPECT_FALSE(range("6").alerts(0));
    EXPECT_FALSE(range("-7:23").alerts(-7));
    EXPECT_TRUE(range("-7:23").alerts(-7.01));
    EXPECT_TRUE(range("-7:23").alerts(24));
    EXPECT_FALSE(range(":5.75").alerts(5.75));
    EXPECT_TRUE(range(":5.75").alerts(5.76));
    EXPECT_TRUE(range(":5.75").alerts(-1));
    EXPECT_FALSE(range("~:-95.99").alerts(-1000001));
    EXPECT_FALSE(range("~:-95.99").alerts(-95.99));
    EXPECT_TRUE(range("~:-95.99").alerts(-95));
    EXPECT_TRUE(range("12345678901234567890:").alerts(0));
    EXPECT_FALSE(range("12345678901234567890:").alerts(2e19));
    EXPECT_FALSE(range("~:0").alerts(-123));
    EXPECT_TRUE(range("~:0").alerts(0.5));
    EXPECT_TRUE(range("@0:657.8210567").alerts(0));
    EXPECT_TRUE(range("@0:657.8210567").alerts(657.8210567));
    EXPECT_FALSE(range("@0:657.8210567").alerts(657.9));
    EXPECT_FALSE(range("@0:657.8210567").alerts(-134151));
    EXPECT_TRUE(range("@1:1").alerts(1));
    EXPECT_FALSE(range("@1:1").alerts(0));
    EXPECT_FALSE(range("1:1").alerts(1));
    EXPECT_TRUE(range("1:1").alerts(0));
    EXPECT_TRUE(range("1:1").alerts(2));
}

TEST(Range, WhereCentreonAndMonitoringPluginsDiffer) {
    EXPECT_FALSE(Range::parse("1:12%%"));  // They read 12; Centreon refuses it.
    EXPECT_FALSE(Range::parse("2:1", true));
    EXPECT_TRUE(range("2:1").alerts(1.5));  // Everything is outside.
    EXPECT_FALSE(range("@2:1").alerts(1.5));
    EXPECT_TRUE(range("80,5").alerts(80.6));
    EXPECT_FALSE(range("@").alerts(-1));
    EXPECT_TRUE(range("@").alerts(0));
    EXPECT_TRUE(range(":").alerts(-1));
    EXPECT_FALSE(range(":").alerts(1e300));
    EXPECT_FALSE(range("~:").alerts(-1e300));
    EXPECT_FALSE(range("  80 ").alerts(80));
}

TEST(Range, RefusesWhatIsNone) {
    for (const auto* text : {"abc", "--1", "1e3", "5 :6", "0x10", "~", "1:2:3", "80%", "1K", "1kb", "1.",
                             ".5", "10:~", "@@1", "-", "+", "1:-", "1..2"})
        EXPECT_FALSE(Range::parse(text)) << text;
    EXPECT_FALSE(Range::parse(std::string(300, '1')));
}

TEST(Range, IsPrintedAsItWasTyped) {
    EXPECT_EQ(range("80").print(), "0:80");
    EXPECT_EQ(range("10:").print(), "10:");
    EXPECT_EQ(range("~:5").print(), "~:5");
    EXPECT_EQ(range("~:").print(), "~:");
    EXPECT_EQ(range("@1:5").print(), "@1:5");
    EXPECT_EQ(range("80.50").print(), "0:80.50");
    EXPECT_EQ(range("+1,5:+2").print(), "1.5:2");
    EXPECT_EQ(range("-007:").print(), "-007:");
}

TEST(Range, UnitsAreMultipliedOut) {
    EXPECT_EQ(range("1GB").print(), "0:1073741824");
    EXPECT_EQ(range("1Gb:2Tb").print(), "1000000000:2000000000000");
    EXPECT_EQ(range("1.5KB").print(), "0:1536");
    EXPECT_EQ(range("8192PB").print(), "0:9223372036854775808");
    EXPECT_EQ(range("-8192PB:").print(), "-9223372036854775808:");
    EXPECT_EQ(range("-8EB:").print(), "-9.22337203685478e+18:");
    EXPECT_EQ(range("16EB").print(), "0:1.84467440737096e+19");
    EXPECT_EQ(range("1.5EB").print(), "0:1.72938225691027e+18");
    EXPECT_TRUE(range("1GB").alerts(1073741825));
}

TEST(Range, AnExabyteHasFifteenDigitsAsPerlsHas) {
    EXPECT_EQ(Range::parse("1EB")->print(), "0:1.15292150460685e+18");
    EXPECT_EQ(Range::parse("1Eb")->print(), "0:1000000000000000000");
    EXPECT_EQ(Range::parse("1024PB")->print(), "0:1152921504606846976");
    EXPECT_EQ(Range::parse("20000Eb")->print({}, true), "0:2e+22");
}

TEST(Range, ACommaInFrontOfAUnitCutsWhereCentreonDoes) {
    EXPECT_EQ(Range::parse("1,5GB")->print(), "0:1610612736");
    EXPECT_EQ(without_cut_fractions("1,5GB"), "1GB");
    EXPECT_EQ(without_cut_fractions("@1,25Kb:2,5MB"), "@1Kb:2MB");
    for (const auto* same : {"1,5", "1,5:2", "1.5GB", "", ",", ",GB", "1,", "a,5"})
        EXPECT_EQ(without_cut_fractions(same), same);
}

TEST(Range, IsPrintedWholeAndOfATotal) {
    EXPECT_EQ(range("80.9").print({}, true), "0:80");
    EXPECT_EQ(range("-1.9:10").print({}, true), "-1:10");
    EXPECT_EQ(range("18446744073709551615").print({}, true), "0:18446744073709551615");
    EXPECT_EQ(range("80").print(1000000000, true), "0:800000000");
    EXPECT_EQ(range("~:80").print(1001), "~:800.80");
    EXPECT_EQ(range("10:").print(50), "5.00:");
}

TEST(Range, WhatHasAPointIsComparedBySoManyDigits) {
    EXPECT_FALSE(range("0.1").alerts(0.1 + 1e-10));
    EXPECT_TRUE(range("0.1").alerts(0.1 + 1e-10, 12));
    EXPECT_FALSE(range("80").alerts(80.004, 2));
    EXPECT_TRUE(range("80").alerts(80.004));
    EXPECT_TRUE(range("0").alerts(1e-10));  // Perl prints 1e-10, where there is no point.
}

TEST(Range, ItsBoundsCanBeChanged) {
    auto free = range("10:30");
    free.invert(100);
    EXPECT_EQ(free.print(), "70:90");
    auto open = range("@20:");
    open.invert(100);
    EXPECT_EQ(open.print(), "@~:80");
    auto twice = range("~:8");
    twice.change([](const std::string& number) { return perl_number(std::stod(number) * 2); });
    EXPECT_EQ(twice.print(), "~:16");
}

TEST(Range, EveryTruncationIsRefusedOrAnother) {
    const std::string text = "@-12,5KB:+3.25Gb";
    for (std::size_t size = 0; size < text.size(); ++size) {
        const auto read = Range::parse(text.substr(0, size));
        if (read) {
            EXPECT_NE(read->print(), range(text).print()) << size;
        }
    }
}

}  // namespace
}  // namespace mullion::checks
