// What `winrm quickconfig` asks a service for: service-protocol.md 1.5.
#include <gtest/gtest.h>

#include "service/tests/config_fixture.h"
#include "wsman/transfer.h"

namespace mullion::service::testing {
namespace {

namespace code = wsman::code;

const std::string service = std::string(wsman::resource::config) + "/service";

class ConfigQuickconfig : public ConfigFixture {
protected:
    channel::Outgoing invoke(const std::string& name, const std::string& inside = {}) {
        wsman::Transfer what{service + "/" + name, service};
        what.body = "<" + name + "_INPUT xmlns=\"" + service + "\">" + inside + "</" + name + "_INPUT>";
        return ask(wsman::write_transfer(request, message_id(), what));
    }
    struct Answer {
        std::string enabled, source, results, next, status;
    };
    Answer answer(const std::string& name, const std::string& inside = {}) {
        const auto message = understood(invoke(name, inside));
        EXPECT_EQ(message.header.action, service + "/" + name + "Response");
        EXPECT_TRUE(message.body.is(service, name + "_OUTPUT"));
        const auto text = [&](const char* of) { return message.body.first(service, of).text(); };
        Answer out{text("RemotingEnabled"), {}, text("Results"), {}, text("Status")};
        out.source = message.body.first(service, "RemotingEnabled").attribute("", "Source").value_or("");
        for (const auto* next : {"EnableRemoting_INPUT", "EnableService_INPUT"})
            for (const auto& child : message.body.first(service, next).children()) out.next += child.to_xml();
        return out;
    }
};

TEST_F(ConfigQuickconfig, TheServiceRuns) {
    const auto found = answer("AnalyzeService");
    EXPECT_EQ(found.enabled, "true");
    EXPECT_EQ(found.results, "WinRM service is already running on this machine.");
    EXPECT_EQ(answer("EnableService").status, "succeeded");
    EXPECT_EQ(code_of(invoke("AnalyzeService", "<x/>")), code::schema_validation);
    EXPECT_TRUE(effect.applied.empty());
}

TEST_F(ConfigQuickconfig, WhatIsSetUpStaysAsItIs) {
    const auto found = answer("Analyze", "<Transport>http</Transport>");
    EXPECT_EQ(found.enabled, "true");
    EXPECT_EQ(found.results, "WinRM is already set up for remote management on this computer.");
    EXPECT_EQ(found.next, "");
    EXPECT_EQ(answer("EnableRemoting", "<Transport>http</Transport>").results, found.results);
    EXPECT_TRUE(effect.applied.empty());
    EXPECT_EQ(code_of(invoke("Analyze", "<Transport>ftp</Transport>")), code::schema_validation);
}

TEST_F(ConfigQuickconfig, WhatIsMissingIsSaidAndMade) {
    write("winrm.yaml",
          "Listener: []\nService:\n  AllowRemoteAccess: false\n  IPv4Filter: ''\n  IPv6Filter: ''\n");
    const auto found = answer("Analyze", "<Force/>");
    EXPECT_EQ(found.enabled, "false");
    EXPECT_EQ(found.source, "");
    EXPECT_EQ(found.results,
              "Allow requests of other machines.\n"
              "Let listeners use every address of version 4 (IPv4Filter).\n"
              "Create a WinRM listener on HTTP://* to accept WS-Man requests to any IP on this machine.");
    EXPECT_NE(found.next.find(">http</"), std::string::npos) << found.next;
    EXPECT_NE(found.next.find("Force"), std::string::npos) << found.next;
    EXPECT_TRUE(effect.applied.empty() || !effect.applied.back().settings.allow_remote_access);
    const auto done = answer("EnableRemoting", found.next);
    EXPECT_EQ(done.status, "succeeded");
    EXPECT_NE(done.results.find("Created a WinRM listener on HTTP://*"), std::string::npos) << done.results;
    EXPECT_TRUE(effect.applied.back().settings.allow_remote_access);
    EXPECT_EQ(effect.applied.back().settings.ipv4_filter, "*");
    ASSERT_EQ(effect.applied.back().listeners.size(), 1u);
    EXPECT_EQ(effect.applied.back().listeners[0], state::ListenerSettings{});
    EXPECT_EQ(answer("Analyze").enabled, "true");
}

TEST_F(ConfigQuickconfig, AListenerThatIsOffIsSwitchedOn) {
    write("winrm.yaml", "Listener:\n  - Transport: HTTP\n    Enabled: false\n    Port: 8080\n");
    EXPECT_EQ(answer("Analyze").results,
              "Enable the WinRM listener on HTTP://* to accept WS-Man requests to any IP on this machine.");
    EXPECT_EQ(answer("EnableRemoting").status, "succeeded");
    EXPECT_TRUE(effect.applied.back().listeners[0].enabled);
    EXPECT_EQ(effect.applied.back().listeners[0].port, 8080);
}

TEST_F(ConfigQuickconfig, PolicyStandsInTheWay) {
    write("policy.d/1.yml", "Service/AllowRemoteAccess: false\n");
    const auto found = answer("Analyze");
    EXPECT_EQ(found.enabled, "false");
    EXPECT_EQ(found.source, "GPO");
    EXPECT_EQ(found.results, "Policy says that Service/AllowRemoteAccess is \"false\".");
    EXPECT_EQ(found.next, "");
    EXPECT_EQ(code_of(invoke("EnableRemoting")), code::policy_controlled);
    write("policy.d/1.yml", "Listener:\n  - Transport: HTTP\n    Enabled: false\n");
    EXPECT_EQ(answer("Analyze").results, "Policy says that the listener on HTTP://* is not enabled.");
}

TEST_F(ConfigQuickconfig, HttpsWantsACertificate) {
    const auto fault = fault_of(invoke("Analyze", "<Transport>https</Transport>"));
    EXPECT_EQ(fault.code, code::certificate_name);
    EXPECT_NE(fault.message.find("mullion cert create"), std::string::npos) << fault.message;
    EXPECT_EQ(code_of(invoke("EnableRemoting", "<Transport>https</Transport>")), code::certificate_name);
    EXPECT_TRUE(effect.applied.empty());
}

}  // namespace
}  // namespace mullion::service::testing
