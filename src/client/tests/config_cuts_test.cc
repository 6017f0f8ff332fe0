// Which changes cut the way by which the host was reached: what is sent last, warned of, and refused.
#include "client/config_cuts.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "client/config_path.h"
#include "client/config_plan.h"
#include "client/tests/fake_config.h"

namespace mullion::client {
namespace {

class ConfigCutsTest : public ::testing::Test {
protected:
    void SetUp() override {
        testing::FakeConfig config;
        for (const auto& resource : wsman::config_resources()) {
            if (!resource.keys.empty()) continue;
            auto document = wsman::new_config_document(resource);
            for (const auto& row : resource.rows)
                document.values.push_back(config.tree[std::string(row.path)]);
            now.documents.push_back(std::move(document));
        }
        config.add_listener("*", "HTTP", "5985");
        config.add_listener("*", "HTTPS", "5986");
        for (auto& one : config.instances) now.documents.push_back(std::move(one));
        is("Service/Auth/Basic", "true");
        is("Service/AllowUnencrypted", "true");
        reach(true, "basic");
        now.route.address = "10.0.0.5";
    }

    // How the host was reached.
    void reach(bool https, const std::string& transport, std::vector<std::string> allowed = {}) {
        now.https = https;
        now.port = https ? 5986 : 5985;
        now.route.transport = transport;
        now.route.transports = allowed.empty() ? std::vector<std::string>{transport} : std::move(allowed);
        now.route.sealed = https || transport != "basic";
    }

    void is(const std::string& path, const std::string& text) {
        for (auto& document : now.documents)
            for (auto& value : document.values)
                if (value.path == path) value.text = text;
    }

    Result<ConfigPlan> plan(const std::vector<std::string>& words, bool force = false) {
        std::vector<ConfigAssignment> wanted;
        for (const auto& word : words) {
            auto read = parse_config_assignment(word);
            if (!read.ok() || !check_assignment(*read).ok()) throw std::runtime_error(word);
            wanted.push_back(std::move(read).value());
        }
        return plan_set(wanted, now, {.force = force, .password = {}});
    }

    enum Verdict { harmless, warned, refused };
    Verdict judge(const std::string& word) {
        const auto made = plan({word});
        if (made.ok()) return made->warnings.empty() ? harmless : warned;
        EXPECT_EQ(made.error().id, ErrorId::usage_invalid);
        EXPECT_NE(made.error().detail.find("--force"), std::string::npos) << made.error().detail;
        const auto forced = plan({word}, true);
        EXPECT_TRUE(forced.ok() && !forced->warnings.empty()) << "what is forced is told all the same";
        return refused;
    }

    ConfigRead now;
};

TEST_F(ConfigCutsTest, TheWayToLogOn) {
    EXPECT_EQ(judge("Service/Auth/Basic=false"), refused);
    EXPECT_EQ(judge("Service/Auth/Negotiate=false"), harmless);
    reach(true, "basic", {"basic", "ntlm"});
    EXPECT_EQ(judge("Service/Auth/Basic=false"), warned) << "ntlm gets in";
    is("Service/Auth/Negotiate", "false");
    EXPECT_EQ(judge("Service/Auth/Basic=false"), refused);
    is("Service/Auth/Negotiate", "true");
    EXPECT_FALSE(plan({"Service/Auth/Basic=false", "Service/Auth/Negotiate=false"}).ok())
        << "both go at once";
    for (const auto& [transport, setting] : {std::pair{"ntlm", "Negotiate"},
                                             {"negotiate", "Negotiate"},
                                             {"kerberos", "Kerberos"},
                                             {"certificate", "Certificate"},
                                             {"credssp", "CredSSP"}}) {
        const auto path = std::string("Service/Auth/") + setting;
        is(path, "true");
        reach(true, transport);
        EXPECT_EQ(judge(path + "=false"), refused) << transport;
        EXPECT_EQ(judge("Service/Auth/Basic=false"), harmless) << transport;
    }
    reach(true, "");  // Nobody knows.
    EXPECT_EQ(judge("Service/Auth/Basic=false"), harmless);
}

TEST_F(ConfigCutsTest, MessagesInClear) {
    EXPECT_EQ(judge("Service/AllowUnencrypted=false"), harmless) << "TLS";
    reach(false, "basic");
    EXPECT_EQ(judge("Service/AllowUnencrypted=false"), refused);
    reach(false, "basic", {"basic", "ntlm"});
    EXPECT_EQ(judge("Service/AllowUnencrypted=false"), warned);
    now.route.may_seal = false;
    EXPECT_EQ(judge("Service/AllowUnencrypted=false"), refused);
    reach(false, "ntlm");
    EXPECT_EQ(judge("Service/AllowUnencrypted=false"), harmless) << "sealed";
}

TEST_F(ConfigCutsTest, Filters) {
    EXPECT_EQ(judge("Service/IPv4Filter=10.0.0.1-10.0.0.9"), harmless);
    EXPECT_EQ(judge("Service/IPv4Filter=10.0.0.6-10.0.0.9"), refused);
    EXPECT_EQ(judge("Service/IPv4Filter="), refused);
    EXPECT_EQ(judge("Service/IPv6Filter="), harmless) << "the other family";
    now.route.address = "fe80::5";
    EXPECT_EQ(judge("Service/IPv6Filter="), refused);
    EXPECT_EQ(judge("Service/IPv4Filter="), harmless);
    now.route.address.clear();
    EXPECT_EQ(judge("Service/IPv4Filter="), warned) << "a proxy is in between";
    is("Service/IPv4Filter", "");
    EXPECT_EQ(judge("Service/IPv4Filter=*"), harmless);
    now.route.address = "10.0.0.5";
    EXPECT_EQ(judge("Service/IPv4Filter=10.0.0.6-10.0.0.9"), warned)
        << "an address that did not fit before either is not what the host calls itself";
    is("Service/IPv4Filter", "*");
    now.route.address = "127.0.0.1";
    EXPECT_EQ(judge("Service/IPv4Filter=10.0.0.6-10.0.0.9"), warned) << "a tunnel, perhaps";
}

TEST_F(ConfigCutsTest, RemoteAccess) {
    EXPECT_EQ(judge("Service/AllowRemoteAccess=false"), refused);
    now.route.address = "::1";
    EXPECT_EQ(judge("Service/AllowRemoteAccess=false"), harmless);
}

TEST_F(ConfigCutsTest, ChannelBindings) {
    constexpr auto strict = "Service/Auth/CbtHardeningLevel=Strict";
    EXPECT_EQ(judge(strict), harmless) << "Basic has none";
    reach(true, "ntlm");
    EXPECT_EQ(judge(strict), harmless) << "looked at already, and it fits";
    now.route.binds = false;
    EXPECT_EQ(judge(strict), refused);
    is("Service/Auth/CbtHardeningLevel", "None");
    EXPECT_EQ(judge("Service/Auth/CbtHardeningLevel=Relaxed"), harmless) << "takes none as well";
    now.route.binds = true;
    EXPECT_EQ(judge(strict), warned);
    EXPECT_EQ(judge("Service/Auth/CbtHardeningLevel=Relaxed"), warned);
    reach(false, "ntlm");
    EXPECT_EQ(judge(strict), harmless) << "of TLS alone";
}

TEST_F(ConfigCutsTest, PortsConnectionsAndRights) {
    EXPECT_EQ(judge("Service/DefaultPorts/HTTPS=443"), warned);
    EXPECT_EQ(judge("Service/DefaultPorts/HTTP=80"), harmless);
    EXPECT_EQ(judge("Service/MaxConnections=1"), warned);
    EXPECT_EQ(judge("Service/MaxConnections=25"), harmless);
    EXPECT_EQ(judge("Service/RootSDDL=O:NSG:BAD:P(A;;GA;;;BA)"), warned);
}

TEST_F(ConfigCutsTest, TheCertificateInUse) {
    const auto word = "Listener?Transport=HTTPS/CertificateThumbprint=" + std::string(40, 'A');
    EXPECT_EQ(judge(word), warned);
    now.route.pinned = true;
    EXPECT_EQ(judge(word), refused);
    reach(false, "ntlm");
    EXPECT_EQ(judge(word), harmless) << "another listener";
}

TEST_F(ConfigCutsTest, TheMappingThatMayBeOurs) {
    auto mapping = wsman::new_config_document(
        *wsman::find_config_resource(std::string(wsman::resource::config) + "/service/certmapping"));
    for (const auto& [path, text] : std::initializer_list<std::pair<const char*, std::string>>{
             {"URI", "*"}, {"Subject", "u@x"}, {"Issuer", std::string(40, 'A')}, {"Enabled", "true"}})
        mapping.values.push_back({path, text, {}, false});
    now.documents.push_back(std::move(mapping));
    EXPECT_EQ(judge("CertMapping/Enabled=false"), harmless);
    reach(true, "certificate");
    EXPECT_EQ(judge("CertMapping/Enabled=false"), warned);
    const auto gone = plan_remove({parse_config_path("CertMapping").value()}, now);
    EXPECT_EQ(gone->warnings.size(), 1U);
}

TEST_F(ConfigCutsTest, NothingClosesThisMachinesSocket) {
    now.route = {};
    now.route.local = true;
    now.port = 0;
    for (const auto* word : {"Service/Auth/Basic=false", "Service/AllowRemoteAccess=false",
                             "Service/IPv4Filter=", "Service/MaxConnections=1"})
        EXPECT_EQ(judge(word), harmless) << word;
}

TEST_F(ConfigCutsTest, ComeLastAndAsOneMessage) {
    reach(false, "basic");
    const auto made = plan({"Service/Auth/Basic=false", "Service/AllowUnencrypted=false", "MaxTimeoutms=1000",
                            "Listener?Transport=HTTPS/Hostname=h"},
                           true);
    ASSERT_TRUE(made.ok());
    ASSERT_EQ(made->changes.size(), 3U);
    const auto& last = made->changes.back();
    EXPECT_EQ(last.target.resource->path, "service") << "after one of two the other would not be let in";
    EXPECT_EQ(last.document.values.size(), 2U);
    EXPECT_EQ(last.differences.size(), 2U);
    EXPECT_EQ(made->warnings.size(), 2U);
    // What cuts nothing is sent as it was, before the other.
    const auto apart = plan({"Service/AllowUnencrypted=false", "Service/Auth/CredSSP=true"}, true);
    ASSERT_EQ(apart->changes.size(), 2U);
    EXPECT_EQ(apart->changes[0].target.resource->path, "service/auth");
}

}  // namespace
}  // namespace mullion::client
