#include "exporter/allow_list.h"

#include <gtest/gtest.h>

namespace mullion::exporter {
namespace {

bool allows(std::string_view rule, std::string_view target) {
    const auto name = parse_target_name(target);
    return name && AllowRule::parse(rule).value().allows(*name);
}

TEST(TargetName, IsAHostAndMayHaveAPort) {
    EXPECT_EQ(parse_target_name("Web01.Example.COM.")->text(), "web01.example.com");
    EXPECT_EQ(parse_target_name("web01:5986")->text(), "web01:5986");
    EXPECT_EQ(parse_target_name("10.0.0.1")->text(), "10.0.0.1");
    EXPECT_EQ(parse_target_name("[fd00::1]:5985")->text(), "[fd00::1]:5985");
    EXPECT_EQ(parse_target_name(std::string_view("::\0x", 4)), std::nullopt) << "no address behind a NUL";
    EXPECT_EQ(parse_target_name(std::string_view("[::1\0.evil]", 11)), std::nullopt);
    EXPECT_EQ(parse_target_name("fd00::1")->text(), "[fd00::1]");
    // Each host has one name: by another one its refused log-ons would be another host's.
    EXPECT_EQ(parse_target_name("FD00:0:0::0001")->text(), "[fd00::1]");
    EXPECT_EQ(parse_target_name("[::ffff:10.0.0.1]:5985")->text(), "10.0.0.1:5985");
    EXPECT_EQ(parse_target_name("::ffff:a00:1")->text(), "10.0.0.1");
}

TEST(TargetName, IsNothingElse) {
    for (const auto* text : {"", "https://web01", "web01/wsman", "user@web01", "web01:0", "web01:65536",
                             "web01:", "web01:x", "-u", ".", "web01..", "we b01", "web01\n", "web\xC3\xBC",
                             "[fd00::1", "[web01]:1x", "[fd00::1]5985", "%", "web01?x=1"})
        EXPECT_FALSE(parse_target_name(text)) << text;
    // What the resolver takes for an address, and a rule for a name.
    for (const auto* text : {"2130706433", "127.1", "0x7f000001", "0x7f.1", "10.0.0.256", "1.2.3.4.5",
                             "127.0x1", "127.0x0.0.0X1", "web.1", "0x", "127.0.0.0x"})
        EXPECT_FALSE(parse_target_name(text)) << text;
    EXPECT_TRUE(parse_target_name("0x7f.example.com"));
    EXPECT_TRUE(parse_target_name("1and1.example"));
    EXPECT_FALSE(parse_target_name(std::string(256, 'a')));
}

TEST(AllowRule, StarsStayWithinAPartOfAName) {
    EXPECT_TRUE(allows("web*.example.com", "web01.example.com"));
    EXPECT_TRUE(allows("WEB*.example.com", "Web01.EXAMPLE.com."));
    EXPECT_FALSE(allows("web*.example.com", "web01.lab.example.com"));
    EXPECT_FALSE(allows("web*.example.com", "web01.example.com.evil.test"));
    EXPECT_TRUE(allows("**.example.com", "web01.lab.example.com"));
    EXPECT_FALSE(allows("**.example.com", "example.com"));
    EXPECT_TRUE(allows("web??", "web01"));
    EXPECT_FALSE(allows("web??", "web0."));
    EXPECT_TRUE(allows("*", "10.1.2.3"));
    EXPECT_TRUE(allows("*", "any.name"));
    EXPECT_TRUE(allows("**a*b", "x.y.axxb"));
    EXPECT_FALSE(allows("*a", "ab.a"));
}

TEST(AllowRule, AddressesAreNumbersAndNotNames) {
    EXPECT_TRUE(allows("10.1.0.0/16", "10.1.255.3"));
    EXPECT_FALSE(allows("10.1.0.0/16", "10.2.0.1"));
    EXPECT_TRUE(allows("fd00::/9", "[fd7f::1]"));
    EXPECT_FALSE(allows("fd00::/9", "[fd80::1]"));
    EXPECT_TRUE(allows("10.1.2.3", "10.1.2.3"));
    EXPECT_TRUE(allows("10.1.2.*", "10.1.2.3"));
    EXPECT_FALSE(allows("10.1.2.*", "10.1.2.evil"));
    EXPECT_FALSE(allows("10.1.0.0/16", "web01"));
    EXPECT_TRUE(allows("0.0.0.0/0", "255.255.255.255"));
    EXPECT_FALSE(allows("0.0.0.0/0", "[::1]"));
    EXPECT_TRUE(allows("fd00:0::1", "fd00::1"));
    EXPECT_FALSE(allows("::/0", "::ffff:10.0.0.1")) << "an address of IPv4 in other clothes";
    EXPECT_TRUE(allows("10.0.0.0/8", "::ffff:10.0.0.1"));
    EXPECT_TRUE(allows("db01.example.com.", "db01.example.com"));
}

TEST(AllowRule, PortsOfOthersAreSaid) {
    EXPECT_TRUE(allows("web01", "web01"));
    EXPECT_TRUE(allows("web01", "web01:5985"));
    EXPECT_FALSE(allows("web01", "web01:22"));
    EXPECT_TRUE(allows("web01:8443", "web01:8443"));
    EXPECT_FALSE(allows("web01:8443", "web01"));
    EXPECT_TRUE(allows("web01:*", "web01:22"));
    EXPECT_TRUE(allows("[fd00::1]:8443", "[fd00::1]:8443"));
}

TEST(AllowRule, RefusesWhatItDoesNotMean) {
    for (const auto* text :
         {"", "https://web01", "web01:http", "10.0.0.0/33", "web 01", "[fd00::", "10.0.0.0/", "a/b"})
        EXPECT_FALSE(AllowRule::parse(text).ok()) << text;
}

TEST(AllowRule, EveryTruncationIsAnotherRuleOrNone) {
    for (const std::string text :
         {"**.example.com:5985", "[fd00::1]:8443", "10.1.0.0/16:*", "https://u@web01:1/x"})
        for (std::size_t size = 0; size < text.size(); ++size) {
            const auto part = text.substr(0, size);
            const auto name = parse_target_name(part);
            const auto rule = AllowRule::parse(part);
            EXPECT_TRUE(!name || parse_target_name(name->text())) << part;
            if (rule.ok() && name) {
                EXPECT_EQ(rule->allows(*name), rule->allows(*parse_target_name(name->text())));
            }
        }
}

}  // namespace
}  // namespace mullion::exporter
