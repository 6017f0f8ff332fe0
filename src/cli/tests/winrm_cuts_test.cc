#include "cli/winrm_cuts.h"

#include <gtest/gtest.h>

#include "wsman/uris.h"

namespace mullion::cli {
namespace {

class WinrmCuts : public ::testing::Test {
protected:
    void SetUp() override {
        now.https = true;
        now.port = 5986;
        now.route.address = "10.0.0.5";
        now.route.transport = "ntlm";
        now.route.transports = {"ntlm"};
    }

    static wsman::ConfigTarget target(std::string_view path, std::vector<wsman::Selector> keys = {}) {
        const auto uri = std::string(wsman::resource::config) + std::string(path);
        return {wsman::find_config_resource(uri), std::move(keys)};
    }

    static std::string auth(const std::string& negotiate) {
        return R"(<c:Auth xmlns:c="http://schemas.microsoft.com/wbem/wsman/1/config/service/auth">)"
               "<c:Basic>false</c:Basic><c:Negotiate>" +
               negotiate + "</c:Negotiate></c:Auth>";
    }
    static std::string listener(const std::string& port) {
        return R"(<c:Listener xmlns:c="http://schemas.microsoft.com/wbem/wsman/1/config/listener">)"
               "<c:Address>*</c:Address><c:Transport>HTTPS</c:Transport><c:Port>" +
               port + "</c:Port><c:Enabled>true</c:Enabled></c:Listener>";
    }

    std::vector<std::string> told(const wsman::ConfigTarget& of, const std::string& before,
                                  const std::string& wanted) const {
        const auto was = wsman::read_config_item(before, *of.resource);
        EXPECT_TRUE(was.ok());
        return cuts_between(of, *was, wanted, now);
    }

    client::ConfigRead now;
};

TEST_F(WinrmCuts, TellOfTheWayToLogOn) {
    for (const auto* text : {"false", "False"}) {
        const auto cuts = told(target("/service/auth"), auth("true"), auth(text));
        ASSERT_EQ(cuts.size(), 1U) << text;
        EXPECT_EQ(cuts[0],
                  "Service/Auth/Negotiate is how the host was logged on to (ntlm): after this it is not any "
                  "more");
    }
    EXPECT_TRUE(told(target("/service/auth"), auth("false"), auth("true")).empty());
    EXPECT_TRUE(told(target("/service/auth"), auth("true"), auth("true")).empty()) << "nothing changes";
    now.route.transport = "basic";
    EXPECT_TRUE(told(target("/service/auth"), auth("true"), auth("false")).empty()) << "another way";
}

TEST_F(WinrmCuts, TellOfTheListenerInUse) {
    const auto of = target("/listener", {{"Address", "*"}, {"Transport", "HTTPS"}});
    const auto cuts = told(of, listener("5986"), listener("443"));
    ASSERT_EQ(cuts.size(), 1U);
    EXPECT_NE(cuts[0].find("Listener?Address=*+Transport=HTTPS is how the host was reached (port 5986)"),
              std::string::npos)
        << cuts[0];
    now.port = 1;
    EXPECT_TRUE(told(of, listener("5986"), listener("443")).empty());
}

TEST_F(WinrmCuts, NothingClosesTheSocketAndWhatIsNoDocumentCutsNothing) {
    EXPECT_TRUE(told(target("/service/auth"), auth("true"), "<a").empty());
    const auto whole = auth("false");
    for (std::size_t length = 0; length < whole.size(); ++length)
        EXPECT_TRUE(told(target("/service/auth"), auth("true"), whole.substr(0, length)).empty()) << length;
    now.route.local = true;
    EXPECT_TRUE(told(target("/service/auth"), auth("true"), whole).empty());
}

}  // namespace
}  // namespace mullion::cli
