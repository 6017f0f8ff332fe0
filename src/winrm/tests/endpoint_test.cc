#include "winrm/endpoint.h"

#include <gtest/gtest.h>

namespace mullion::winrm {
namespace {

TEST(Endpoint, HasThePortOfItsTransport) {
    struct Row {
        std::string_view text;
        bool ssl;
        bool https;
        std::string_view host;
        unsigned port;
        std::string_view prefix;
    };
    const Row rows[] = {
        {"web01", false, false, "web01", 5985, "wsman"},
        {"web01", true, true, "web01", 5986, "wsman"},
        {"http://web01", false, false, "web01", 80, "wsman"},
        {"https://web01", false, true, "web01", 443, "wsman"},
        {"HTTPS://web01", true, true, "web01", 443, "wsman"},
        {"http://web01:5985/wsman", false, false, "web01", 5985, "wsman"},
        {"https://web01:5986/wsman", true, true, "web01", 5986, "wsman"},
        {"web01:81", false, false, "web01", 81, "wsman"},
        {"web01/other/", false, false, "web01", 5985, "other"},
        {"[::1]:5985/a/b", false, false, "::1", 5985, "a/b"},
        {"https://[fe80::1%eth0]", false, true, "fe80::1%eth0", 443, "wsman"},
        {"10.0.0.1/", false, false, "10.0.0.1", 5985, "wsman"},
    };
    for (const auto& row : rows) {
        const auto read = parse_endpoint(row.text, row.ssl);
        ASSERT_TRUE(read.ok()) << row.text << read.error().detail;
        EXPECT_EQ(read->https, row.https) << row.text;
        EXPECT_EQ(read->host, row.host) << row.text;
        EXPECT_EQ(read->port, row.port) << row.text;
        EXPECT_EQ(read->prefix, row.prefix) << row.text;
    }
}

TEST(Endpoint, IsRefusedWhereItIsNone) {
    for (const auto text : {"", "http://", "web01:0", "web01:70000", "web01:x", "ftp://web01", "me@web01",
                            "web01?a", "web 01", "web01//a", "web01/a b", "web01/..%2f", "[::1"})
        EXPECT_FALSE(parse_endpoint(text, false).ok()) << text;
    EXPECT_FALSE(parse_endpoint("http://web01", true).ok());
}

TEST(Endpoint, EveryTruncationIsAnEndpointOrRefused) {
    const std::string_view whole = "https://[fe80::1%eth0]:5986/wsman";
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto read = parse_endpoint(whole.substr(0, length), false);
        if (read.ok()) {
            EXPECT_FALSE(read->host.empty() || read->port == 0) << length;
        }
    }
    EXPECT_FALSE(parse_endpoint(whole.substr(0, 15), false).ok());
}

}  // namespace
}  // namespace mullion::winrm
