#include "winrm/property_bag.h"

#include <gtest/gtest.h>

namespace mullion::winrm {
namespace {

constexpr std::string_view syntax = "Syntax Error: input must be of the form {KEY=\"VALUE\"[;KEY=\"VALUE\"]}";

TEST(PropertyBag, HasValuesAndNull) {
    const auto bag = parse_plain_bag(" {x}").ok();
    EXPECT_FALSE(bag);
    const auto read = parse_plain_bag("{ A = \"1 ; 2\" ;b:C=$NULL;D_1=\"\";E=\"a\"}").value();
    ASSERT_EQ(read.size(), 4U);
    EXPECT_EQ(read[0].name, "A");
    EXPECT_EQ(read[0].value, "1 ; 2");
    EXPECT_EQ(read[1].name, "b:C");
    EXPECT_FALSE(read[1].value);
    EXPECT_EQ(read[2].value, "");
    EXPECT_EQ(read[3].value, "a");
    EXPECT_TRUE(parse_property_bag("{}").value().empty());
}

TEST(PropertyBag, TakesWhatAShellLeft) {
    const auto read = parse_plain_bag("{Basic=true;Port=5986 }").value();
    EXPECT_EQ(read[0].value, "true");
    EXPECT_EQ(read[1].value, "5986");
    EXPECT_EQ(parse_plain_bag("{A=\\\"1\\\"}").value()[0].value, "1");
}

TEST(PropertyBag, RefusesWhatIsNone) {
    for (const auto text :
         {"", "{", "}", "A=\"1\"", "{A}", "{A=}", "{=\"1\"}", "{A=\"1\"", "{A=\"1\";}", "{A=\"1\" B=\"2\"}",
          "{A=\"1}", "{A-B=\"1\"}", "{A=\"1\"}}", "{ }", "{A=\"\x80\"}", "{A=b{c}"}) {
        const auto read = parse_property_bag(text);
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().detail, syntax) << text;
    }
    const auto twice = parse_property_bag("{A=\"1\";A=\"hunter2\"}");
    EXPECT_EQ(twice.error().detail, "Error: Multiple matching parameter names not allowedin @{...}: A");
    std::string many = "{A0=\"1\"";
    for (int at = 1; at <= 1000; ++at) many += ";A" + std::to_string(at) + "=\"1\"";
    EXPECT_FALSE(parse_property_bag(many + "}").ok());
}

TEST(PropertyBag, RefusesEveryTruncation) {
    const std::string_view whole =
        "{Hostname=\"web01\";CertificateThumbprint=\"01 23\";Proxy=$null;Port=5986}";
    ASSERT_TRUE(parse_property_bag(whole).ok());
    for (std::size_t length = 0; length < whole.size(); ++length) {
        EXPECT_FALSE(parse_property_bag(whole.substr(0, length)).ok()) << length;
        EXPECT_FALSE(parse_plain_bag(whole.substr(0, length)).ok()) << length;
    }
}

}  // namespace
}  // namespace mullion::winrm
