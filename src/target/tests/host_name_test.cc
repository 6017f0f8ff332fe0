#include "target/host_name.h"

#include <gtest/gtest.h>

namespace mullion::target {
namespace {

struct Case {
    std::string_view text, host;
    int port;
};

TEST(HostName, TakesNamesAndAddresses) {
    for (const auto& [text, host, port] : {Case{"web01", "web01", 0},
                                           {"WEB_01.example.com.:5985", "WEB_01.example.com.", 5985},
                                           {"10.0.0.1:80", "10.0.0.1", 80},
                                           {"::1", "::1", 0},
                                           {"fe80::1%eth0", "fe80::1%eth0", 0},
                                           {"[::1]", "::1", 0},
                                           {"[::1]:5986", "::1", 5986},
                                           {"[fe80::1%eth0.5]:1", "fe80::1%eth0.5", 1},
                                           {"[fe80::1%25eth0]:1", "fe80::1%eth0", 1},
                                           {"::ffff:10.0.0.1", "::ffff:10.0.0.1", 0}}) {
        const auto parsed = parse_host_port(text);
        ASSERT_TRUE(parsed) << text;
        EXPECT_EQ(parsed->host, host);
        EXPECT_EQ(parsed->port.value_or(0), port) << text;
    }
}

TEST(HostName, RefusesEverythingElse) {
    using namespace std::string_view_literals;
    for (const auto text :
         {""sv,       "."sv,      ":1"sv,     "a:"sv,      "a:0"sv,       "a:65536"sv,
          "a:1x"sv,   "a b"sv,    "-a"sv,     "a..b"sv,    "a,b"sv,       "[::1"sv,
          "[::1]5"sv, "[::1]:"sv, "[a]"sv,    "::1%"sv,    "::1%a/b"sv,   "::1%averylonginterface"sv,
          "::g"sv,    "1:2:3"sv,  "ho\0st"sv, "::1\0%x"sv, "w\xc3\xa9"sv, "::1]:5"sv})
        EXPECT_FALSE(parse_host_port(text)) << text;
    EXPECT_FALSE(parse_host_port(std::string(64, 'a')));
    EXPECT_FALSE(parse_host_port(std::string(63, 'a') + "." + std::string(63, 'a') + "." +
                                 std::string(63, 'a') + "." + std::string(63, 'a')));
}

}  // namespace
}  // namespace mullion::target
