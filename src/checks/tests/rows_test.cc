#include "checks/rows.h"

#include <gtest/gtest.h>

#include "checks/tests/played.h"

namespace mullion::checks {
namespace {

TEST(Rows, AreReadAsTheyAreAndAsCentreonSeesThem) {
    const auto row = tests::instance(
        R"(<p:Win32_X xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_X")"
        R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="p:Win32_X_Type">)"
        R"(<p:Languages>en-US</p:Languages><p:Languages>fr-FR</p:Languages><p:Label xsi:nil="true"/><p:Name>C:\</p:Name></p:Win32_X>)");
    EXPECT_EQ(text(row, "languages"), "en-US");
    EXPECT_EQ(seen_text(row, "Languages"), "fr-FR");
    EXPECT_EQ(texts(row, "Languages"), (std::vector<std::string>{"en-US", "fr-FR"}));
    EXPECT_FALSE(text(row, "Label"));
    EXPECT_EQ(seen_text(row, "Label"), "");
    EXPECT_FALSE(seen_text(row, "NoSuch"));
    EXPECT_EQ(shown(row, "NoSuch"), "");
    EXPECT_EQ(shown(row, "NAME"), "C:\\");
}

TEST(Rows, NumbersAndTimesAreStrict) {
    const auto row = tests::fragment(
        R"(<Big>18446744073709551615</Big><Blank> 7 </Blank><Minus>-1</Minus><Half>0.5</Half><Null xsi:nil="true"/>)"
        R"(<When><cim:Datetime>2026-03-10T12:00:00.5Z</cim:Datetime></When><Then>20260310120000.500000+060</Then>)");
    EXPECT_EQ(*number(row, "Big"), 18446744073709551615U);
    EXPECT_EQ(*number(row, "Blank"), 7U);
    EXPECT_EQ(number(row, "Minus").error().detail, "Minus '-1' is no whole number");
    EXPECT_EQ(number(row, "Null").error().detail, "Null is null");
    EXPECT_EQ(number(row, "NoSuch").error().detail, "the host's answer has no NoSuch");
    EXPECT_EQ(number(row, "NoSuch").error().id, ErrorId::wsman_malformed);
    EXPECT_FALSE(number_or_null(row, "Null")->has_value());
    EXPECT_FALSE(number_or_null(row, "Half").ok());
    EXPECT_EQ(*real(row, "Half"), 0.5);
    EXPECT_EQ(*real(row, "Minus"), -1.0);
    EXPECT_EQ(*moment(row, "When"), 1773144000500000);
    EXPECT_EQ(*moment(row, "Then"), 1773140400500000);
    EXPECT_FALSE(moment(row, "Big").ok());
}

}  // namespace
}  // namespace mullion::checks
