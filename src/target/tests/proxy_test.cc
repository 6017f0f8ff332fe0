#include "target/proxy.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "target/option_values.h"

namespace mullion::target {
namespace {

std::map<std::string, std::string> environment;

const char* read(const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? nullptr : found->second.c_str();
}

// "host:port", "none" or "error".
std::string found(const std::string& proxy, const std::string& url = "https://web01.corp.example") {
    Target options;
    auto value = parse_proxy(proxy);
    if (!value.ok()) return "error";
    options.proxy = *value;
    auto target = parse_target(url, options);
    if (!target.ok()) return "error";
    const auto result = proxy_of(*target, read);
    if (!result.ok()) return "error";
    return *result ? (*result)->host + ":" + std::to_string(*(*result)->port) : "none";
}

TEST(ProxyOption, NamesAProxyOrNone) {
    environment.clear();
    EXPECT_EQ(found("http://proxy:3128"), "proxy:3128");
    EXPECT_EQ(found("http://proxy:3128/"), "proxy:3128");
    EXPECT_EQ(found("proxy:3128"), "proxy:3128");
    EXPECT_EQ(found("http://[::1]:3128"), "::1:3128");
    EXPECT_EQ(found("none"), "none");
    EXPECT_EQ(found(""), "none");
}

TEST(ProxyOption, RefusesWhatItCannotDo) {
    for (const auto text : {"https://proxy:3128", "socks5://proxy:1080", "http://ann:pw@proxy:3128",
                            "http://proxy", "http://", "proxy:x", "http://proxy:3128/path"})
        EXPECT_EQ(found(text), "error") << text;
}

TEST(ProxyOfEnvironment, IsChosenByScheme) {
    environment = {{"https_proxy", "http://s:1"}, {"http_proxy", "http://p:2"}};
    EXPECT_EQ(found("environment"), "s:1");
    EXPECT_EQ(found("legacy_requests"), "s:1");
    EXPECT_EQ(found("environment", "http://web01"), "p:2");
    environment = {{"HTTPS_PROXY", "http://big:3"}};
    EXPECT_EQ(found("environment"), "big:3");
    environment = {{"all_proxy", "http://all:4"}};
    EXPECT_EQ(found("environment"), "all:4");
    environment.clear();
    EXPECT_EQ(found("environment"), "none");
}

TEST(ProxyOfEnvironment, LeavesOutWhatNoProxyNames) {
    environment = {{"https_proxy", "http://s:1"}};
    for (const auto list :
         {"*", "web01.corp.example", "corp.example", ".corp.example", "a, WEB01.CORP.EXAMPLE ,b"}) {
        environment["no_proxy"] = list;
        EXPECT_EQ(found("environment"), "none") << list;
    }
    for (const auto list : {"", "web01", "orp.example", "other.example", ",", "."}) {
        environment["no_proxy"] = list;
        EXPECT_EQ(found("environment"), "s:1") << list;
    }
}

TEST(ProxyOfEnvironment, SaysWhichVariableIsWrong) {
    environment = {{"https_proxy", "socks5://s:1"}};
    Target target;
    target.proxy = "environment";
    target.scheme = Scheme::https;
    const auto result = proxy_of(target, read);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().detail.substr(0, 11), "https_proxy");
}

}  // namespace
}  // namespace mullion::target
