// Listeners and mappings: service-protocol.md 2.2, the tables Listener and CertMapping, and 2.3's faults.
#include <gtest/gtest.h>

#include "service/tests/config_fixture.h"
#include "wsman/enumeration.h"

namespace mullion::service::testing {
namespace {

namespace code = wsman::code;
using Values = std::vector<wsman::ConfigValue>;

class ConfigInstances : public ConfigFixture {
protected:
    wsman::ConfigTarget listener(const std::string& address, const std::string& transport = "HTTP") {
        return target("listener", {{"Address", address}, {"Transport", transport}});
    }
    wsman::ConfigTarget mapping(const std::string& uri = "*", const std::string& subject = "*@example") {
        return target("service/certmapping",
                      {{"URI", uri}, {"Subject", subject}, {"Issuer", std::string(40, 'A')}});
    }
    static Values one(const std::string& name, const std::string& text) { return {{name, text, {}, false}}; }
};

TEST_F(ConfigInstances, TheListenerThatIsThereWithoutAWord) {
    const auto document = get(listener("*"));
    EXPECT_EQ(document.find("Port")->text, "5985");
    EXPECT_EQ(document.find("Hostname")->text, "");
    EXPECT_EQ(document.find("Enabled")->text, "true");
    EXPECT_EQ(document.find("URLPrefix")->text, "wsman");
    EXPECT_EQ(document.find("CertificateThumbprint")->text, "");
    EXPECT_EQ(document.find("ListeningOn")->text, "10.0.0.5");
    EXPECT_EQ(document.source, "");
    EXPECT_EQ(document.values.size(), 9u);
}

// Each kind of Address, under filters of either version.
TEST_F(ConfigInstances, ListeningOnIsWhatTheFiltersLeave) {
    const std::vector<os::LocalAddress> own{{"10.0.0.5", "00-11-22-aa-bb-cc", false},
                                            {"10.0.0.9", "00-11-22-aa-bb-dd", false},
                                            {"fd00::5", "00-11-22-aa-bb-cc", true},
                                            {"::1", "", true}};
    using Addresses = std::vector<std::string>;
    struct Row {
        const char *address, *version_4, *version_6;
        Addresses reached;
    };
    for (const auto& row :
         {Row{"*", "*", "*", {"10.0.0.5", "10.0.0.9", "fd00::5", "::1"}},
          Row{"*", "", "*", {"fd00::5", "::1"}}, Row{"*", "*", "", {"10.0.0.5", "10.0.0.9"}},
          Row{"*", "10.0.0.1-10.0.0.5", "fd00::-fd00::ffff", {"10.0.0.5", "fd00::5"}},
          Row{"*", "10.0.0.6-10.0.0.8,10.0.0.9-10.0.0.9", "::2-::3", {"10.0.0.9"}},
          Row{"fd00::5", "", "*", {"fd00::5"}}, Row{"fd00::5", "*", "::1-::1", {}},
          Row{"MAC:00-11-22-AA-BB-CC", "*", "*", {"10.0.0.5", "fd00::5"}},
          Row{"MAC:00-11-22-AA-BB-CC", "", "", {}}, Row{"MAC:00-00-00-00-00-00", "*", "*", {}}}) {
        state::ListenerSettings one;
        one.address = row.address;
        state::Settings now;
        now.ipv4_filter = row.version_4;
        now.ipv6_filter = row.version_6;
        EXPECT_EQ(reached_at(one, now, own), row.reached) << row.address << " " << row.version_4;
        one.enabled = false;
        EXPECT_EQ(reached_at(one, now, own), Addresses{});
    }
}

TEST_F(ConfigInstances, EachValueOfAListenerCanBeChanged) {
    EXPECT_EQ(put(listener("*"), one("Port", "8080")).status, 200);
    EXPECT_EQ(effect.applied.back().listeners[0].port, 8080);
    EXPECT_EQ(put(listener("*"), one("Enabled", "false")).status, 200);
    EXPECT_FALSE(effect.applied.back().listeners[0].enabled);
    EXPECT_EQ(put(listener("*"), one("Hostname", "web01")).status, 200);
    EXPECT_EQ(effect.applied.back().listeners[0].hostname, "web01");
    EXPECT_EQ(put(listener("*"), one("URLPrefix", "a/b")).status, 200);
    EXPECT_EQ(effect.applied.back().listeners[0].url_prefix, "a/b");
    EXPECT_EQ(code_of(put(listener("*"), one("Port", "0"))), code::port_invalid);
    EXPECT_EQ(code_of(put(listener("*"), one("URLPrefix", "/"))), code::schema_validation);
    EXPECT_EQ(code_of(put(listener("*"), one("CertificateThumbprint", std::string(40, 'A')))),
              code::thumbprint_not_empty);
    EXPECT_EQ(code_of(put(listener("*"), one("Transport", "HTTPS"))), code::listener_keys);
    EXPECT_EQ(code_of(put(listener("*"), one("ListeningOn", "10.9.9.9"))), code::internal_error);
    EXPECT_EQ(put(listener("*"), one("ListeningOn", "10.0.0.5")).status, 500) << "not the whole list";
}

TEST_F(ConfigInstances, AWholeListenerComesBackUnchanged) {
    const auto whole = get(listener("*"));
    EXPECT_EQ(put(listener("*"), whole.values).status, 200);
    EXPECT_TRUE(effect.applied.empty());
    write("winrm.yaml", "Service:\n  IPv4Filter: ''\n");
    const auto nowhere = get(listener("*"));
    EXPECT_TRUE(nowhere.find("ListeningOn")->nil);
    EXPECT_EQ(put(listener("*"), nowhere.values).status, 200);
}

TEST_F(ConfigInstances, ListenersAreMadeAndGoOnce) {
    EXPECT_EQ(create(listener("IP:10.0.0.5"), one("Port", "8080")).status, 200);
    ASSERT_EQ(effect.applied.back().listeners.size(), 2u) << "the other one stays";
    EXPECT_EQ(code_of(create(listener("IP:10.0.0.5"), {})), code::already_exists);
    EXPECT_EQ(code_of(create(listener("*"), {})), code::already_exists);
    EXPECT_EQ(code_of(create(listener("10.0.0.5"), {})), code::listener_address);
    EXPECT_EQ(code_of(create(listener("IP:10.0.0.6", "FTP"), {})), code::invalid_selector_value);
    EXPECT_EQ(create(listener("MAC:00-11-22-aa-bb-cc"), {}).status, 200);
    EXPECT_EQ(get(listener("MAC:00-11-22-AA-BB-CC")).find("Enabled")->text, "true");
    EXPECT_EQ(remove(listener("*")).status, 200);
    EXPECT_EQ(remove(listener("IP:10.0.0.5")).status, 200);
    EXPECT_EQ(remove(listener("MAC:00-11-22-aa-bb-cc")).status, 200);
    EXPECT_EQ(yaml(), "Listener: []\n");
    EXPECT_TRUE(effect.applied.back().listeners.empty());
    EXPECT_EQ(code_of(remove(listener("*"))), code::resource_not_found);
    EXPECT_EQ(fault_of_get(listener("*")), code::resource_not_found);
}

TEST_F(ConfigInstances, PolicyMakesTheListenerAndKeepsIt) {
    write("policy.d/1.yml",
          "Allow remote server management through WinRM: {State: Enabled, IPv4Filter: 10.0.0.0-10.0.0.9}\n");
    const auto document = get(listener("*"));
    EXPECT_EQ(document.source, "GPO");
    EXPECT_EQ(document.find("ListeningOn")->text, "10.0.0.5");
    EXPECT_EQ(get(target("service")).find("Service/IPv4Filter")->source, "GPO");
    EXPECT_EQ(code_of(put(listener("*"), one("Port", "8080"))), code::policy_controlled);
    EXPECT_EQ(code_of(remove(listener("*"))), code::policy_controlled);
    EXPECT_EQ(code_of(create(listener("*"), {})), code::policy_controlled);
}

TEST_F(ConfigInstances, CompatibilityListenersAreShown) {
    EXPECT_EQ(put(target("service"), one("Service/EnableCompatibilityHttpListener", "true")).status, 200);
    const auto& listeners = effect.applied.back().listeners;
    ASSERT_EQ(listeners.size(), 2u);
    EXPECT_EQ(listeners[1].port, 80);
    EXPECT_EQ(remove(listener("*")).status, 200);
    EXPECT_EQ(get(listener("*")).source, "Compatibility");
    EXPECT_EQ(code_of(remove(listener("*"))), code::policy_controlled);
}

TEST_F(ConfigInstances, HttpsNeedsACertificate) {
    EXPECT_EQ(code_of(create(listener("*", "HTTPS"), {})), code::certificate_name);
    const auto fault =
        fault_of(create(listener("*", "HTTPS"), one("CertificateThumbprint", std::string(40, 'B'))));
    EXPECT_NE(fault.message.find("there is none in DIR/certs"), std::string::npos) << fault.message;
    EXPECT_EQ(yaml(), "");
}

TEST_F(ConfigInstances, EnumerateGivesObjectsReferencesOrBoth) {
    EXPECT_EQ(create(listener("IP:10.0.0.5"), {}).status, 200);
    const auto uri = wsman::config_uri(resource("listener"));
    const auto enumerate = [&](const std::string& mode) {
        wsman::Enumerate what;
        what.max_elements = 10;
        what.mode = mode;
        const auto out = ask(wsman::write_enumerate(request, message_id(), uri, {}, what));
        auto batch = wsman::read_enumerate_response(understood(out));
        EXPECT_TRUE(batch.ok());
        EXPECT_TRUE(batch->end);
        return batch->items;
    };
    const auto objects = enumerate("");
    ASSERT_EQ(objects.size(), 2u);
    EXPECT_EQ(wsman::read_config_item(objects[1], resource("listener"))->find("Address")->text,
              "IP:10.0.0.5");
    EXPECT_EQ(enumerate("EnumerateEPR").size(), 2u);
    EXPECT_NE(enumerate("EnumerateEPR")[1].find(">IP:10.0.0.5<"), std::string::npos);
    EXPECT_NE(enumerate("EnumerateObjectAndEPR")[0].find("Item"), std::string::npos);
    wsman::Enumerate filtered;
    filtered.has_filter = true;
    filtered.filter_dialect = wsman::dialect::wql;
    filtered.filter_xml = "select * from x";
    EXPECT_EQ(code_of(ask(wsman::write_enumerate(request, message_id(), uri, {}, filtered))),
              code::filtering_not_supported);
}

TEST_F(ConfigInstances, MappingsAreForAccountsWhosePasswordIsKnown) {
    const Values user = one("UserName", "alice");
    EXPECT_EQ(code_of(create(mapping(), user)), code::mapping_credentials);
    EXPECT_EQ(code_of(create(mapping(), user, "")), code::mapping_password_blank);
    EXPECT_EQ(code_of(create(mapping(), user, std::string(256, 'x'))), code::mapping_password_long);
    EXPECT_EQ(code_of(create(mapping(), user, "wrong")), code::mapping_credentials);
    EXPECT_EQ(code_of(create(mapping(), one("UserName", "nobody"), "right")), code::mapping_credentials);
    EXPECT_EQ(code_of(create(mapping(), user, "right")), code::mapping_issuer);
    EXPECT_EQ(code_of(create(mapping("a b"), user, "right")), code::invalid_selector_value);
    EXPECT_EQ(code_of(create(mapping("*", "a*b"), user, "right")), code::mapping_subject);
    EXPECT_EQ(yaml(), "");
}

// Neither is a password of one changed from there; what needs none is.
TEST_F(ConfigInstances, MappingsAreNotMadeFromTheMachineItself) {
    write("winrm.yaml", "CertMapping:\n  - Issuer: " + std::string(40, 'A') +
                            "\n    Subject: '*@example'\n    UserName: alice\n");
    over_local_socket = true;
    EXPECT_EQ(code_of(create(mapping("http://x/*"), one("UserName", "alice"), "right")),
              code::mapping_local_session);
    EXPECT_EQ(code_of(put(mapping(), one("UserName", "bob"))), code::mapping_local_session);
    EXPECT_EQ(put(mapping(), one("Enabled", "false")).status, 200);
    EXPECT_EQ(remove(mapping()).status, 200);
    over_local_socket = false;
    EXPECT_EQ(code_of(create(mapping(), one("UserName", "alice"), "right")), code::mapping_issuer);
}

TEST_F(ConfigInstances, MappingsThatAreThere) {
    write("winrm.yaml", "CertMapping:\n  - Issuer: " + std::string(40, 'A') +
                            "\n    Subject: '*@example'\n    UserName: bob\n");
    const auto document = get(mapping());
    EXPECT_EQ(document.find("UserName")->text, "bob");
    EXPECT_EQ(document.find("Password")->text, "");
    EXPECT_EQ(document.find("Enabled")->text, "true");
    EXPECT_EQ(code_of(create(mapping(), one("UserName", "alice"), "right")), code::already_exists);
    EXPECT_EQ(put(mapping(), document.values).status, 200);
    EXPECT_TRUE(put(mapping(), one("Enabled", "false")).status == 200 &&
                !effect.applied.back().mappings[0].enabled);
    EXPECT_EQ(code_of(put(mapping(), one("UserName", "alice"))), code::mapping_credentials);
    EXPECT_EQ(code_of(put(mapping(), one("Subject", "other"))), code::mapping_keys);
    EXPECT_EQ(code_of(put(mapping(), one("PassCertToPlugin", "true"))), code::read_only_setting);
    EXPECT_EQ(remove(mapping()).status, 200);
    EXPECT_EQ(code_of(remove(mapping())), code::resource_not_found);
}

}  // namespace
}  // namespace mullion::service::testing
