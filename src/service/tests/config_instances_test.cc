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

// Beside policy's listener of HTTP stands the file's of HTTPS, at every address both.
TEST_F(ConfigInstances, PolicyOwnsTheListenerOfItsTransportAlone) {
    write("winrm.yaml", "Listener:\n  - {Address: '*', Transport: HTTPS, CertificateThumbprint: '" +
                            std::string(40, 'A') + "'}\n");
    write("policy.d/1.yml",
          "Allow remote server management through WinRM: {State: Enabled, IPv4Filter: '*'}\n");
    ASSERT_EQ(effect.applied.back().listeners.size(), 2u);
    EXPECT_EQ(get(listener("*")).source, "GPO");
    EXPECT_EQ(get(listener("*", "HTTPS")).source, "");
    EXPECT_EQ(code_of(put(listener("*"), one("Port", "8080"))), code::policy_controlled);
    EXPECT_EQ(code_of(create(listener("*"), {})), code::policy_controlled);
    EXPECT_EQ(code_of(create(listener("*", "HTTPS"), {})), code::already_exists);
    EXPECT_EQ(put(listener("*", "HTTPS"), one("Port", "8443")).status, 200);
    EXPECT_EQ(effect.applied.back().listeners[1].port, 8443);
    EXPECT_EQ(remove(listener("*", "HTTPS")).status, 200);
    EXPECT_EQ(code_of(remove(listener("*"))), code::policy_controlled);
    EXPECT_NE(yaml().find("Listener: []"), std::string::npos) << yaml();
    // Without the policy nobody listens: the file says so.
    std::filesystem::remove(folder + "/policy.d/1.yml");
    write("winrm.yaml", yaml() + "# as it was\n");
    EXPECT_TRUE(effect.applied.back().listeners.empty());
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

TEST_F(ConfigInstances, PasswordsOfMappingsAreGuessedNoFasterThanLogOns) {
    for (unsigned i = 0; i < LogonDelays::free_for_account; ++i)
        (void)create(mapping(), one("UserName", "alice"), "wrong");
    const auto refused = log.with("logon refused from 127.0.0.1: \"alice\" by CertMapping (asked by alice)");
    EXPECT_EQ(refused.size(), LogonDelays::free_for_account);
    EXPECT_EQ(refused.back().find("answered after"), std::string::npos);
    EXPECT_EQ(code_of(create(mapping(), one("UserName", "alice"), "right")), code::mapping_issuer);
    const auto taken = log.with("logon from 127.0.0.1: \"alice\" by CertMapping");
    ASSERT_EQ(taken.size(), 1u);
    EXPECT_NE(taken[0].find("answered after 0.25 s"), std::string::npos) << taken[0];
}

TEST_F(ConfigInstances, AMappingIsNotMadeForAnAccountThatWasDeletedMeanwhile) {
    write("winrm.yaml", "CertMapping:\n  - Issuer: " + std::string(40, 'A') +
                            "\n    Subject: '*@example'\n    UserName: bob\n");
    account_is_there = false;
    const auto before = yaml();
    EXPECT_EQ(code_of(put(mapping(), one("UserName", "alice"), "right")), code::mapping_credentials);
    EXPECT_EQ(code_of(create(mapping("http://x/*"), one("UserName", "alice"), "right")),
              code::mapping_credentials);
    EXPECT_EQ(yaml(), before);
    account_is_there = true;
    EXPECT_EQ(put(mapping(), one("UserName", "alice"), "right").status, 200);
    EXPECT_EQ(effect.applied.back().mappings[0].user, "alice");
}

// What was not asked for a password, since it changed no account, must not change one after all.
TEST_F(ConfigInstances, AMappingThatBecameSomebodyElsesMeanwhileIsNotGivenBackWithoutAPassword) {
    const auto text = [](const std::string& user) {
        return "CertMapping:\n  - Issuer: " + std::string(40, 'A') +
               "\n    Subject: '*@example'\n    UserName: " + user + "\n";
    };
    write("winrm.yaml", text("bob"));
    std::ofstream(folder + "/winrm.yaml") << text("carol");  // Not read yet.
    EXPECT_EQ(code_of(put(mapping(), one("UserName", "bob"))), code::mapping_credentials);
    EXPECT_EQ(yaml(), text("carol"));
}

TEST_F(ConfigInstances, KeysAreTheSameInEitherCaseAndSpelling) {
    write("winrm.yaml",
          "Listener:\n  - {Address: 'fd00::5', Transport: http}\n  - {Address: "
          "'MAC:00-11-22-AA-BB-CC', Transport: HTTP}\nCertMapping:\n  - {Issuer: '" +
              std::string(40, 'A') + "', Subject: '*@Example', URI: 'http://X/*', UserName: bob}\n");
    for (const auto* address : {"IP:FD00::5", "ip:fd00:0:0:0:0:0:0:5", "mac:00-11-22-aa-bb-cc"}) {
        EXPECT_EQ(get(listener(address, "http")).find("Transport")->text, "HTTP") << address;
        EXPECT_EQ(code_of(create(listener(address), {})), code::already_exists) << address;
    }
    auto spelt = mapping("HTTP://x/*", "*@EXAMPLE");
    spelt.keys[2].value = "aaaaaaaa AAAAAAAA aaaaaaaa AAAAAAAA aaaaaaaa";
    EXPECT_EQ(get(spelt).find("UserName")->text, "bob");
    EXPECT_EQ(code_of(create(spelt, one("UserName", "alice"), "right")), code::already_exists);
    EXPECT_EQ(put(spelt, one("Enabled", "false")).status, 200);
    EXPECT_EQ(effect.applied.back().mappings.size(), 1u);
    EXPECT_FALSE(effect.applied.back().mappings[0].enabled);
    auto body = one("Subject", "*@example");  // The key once more, in the body.
    EXPECT_EQ(code_of(create(mapping("*", "*@EXAMPLE"), body, "right")), code::mapping_credentials);
    EXPECT_EQ(remove(spelt).status, 200);
    EXPECT_EQ(remove(listener("ip:FD00:0::5")).status, 200);
    EXPECT_EQ(effect.applied.back().listeners.size(), 1u);
}

// Its own line for each, and never the asker's name on what he did not do.
TEST_F(ConfigInstances, TheLogTellsChangesByHandFromThoseThatSomebodyAskedFor) {
    std::ofstream(folder + "/winrm.yaml") << "MaxBatchItems: 7\nSecurity:\n  - {Uri: 'http://x/y', Sddl: "
                                             "'O:NSG:BAD:P(A;;GA;;;BA)'}\nGroups: {wheel: "
                                             "Administrators}\nUseLoginShell: true\n";
    EXPECT_EQ(put(target("winrs"), one("Winrs/MaxShellsPerUser", "3")).status, 200);
    const auto by_hand = log.with("configuration: by hand in " + folder + "/winrm.yaml (of ");
    EXPECT_EQ(by_hand.size(), 4u);
    for (const auto* part :
         {"MaxBatchItems: 32000, now 7", "Security of http://x/y: created, O:NSG:BAD:P(A;;GA;;;BA)",
          "Groups of wheel: created, Administrators", "UseLoginShell: false, now true"})
        EXPECT_EQ(log.with(part).size(), 1u) << part;
    const auto asked = log.with("configuration: alice from 127.0.0.1: ");
    ASSERT_EQ(asked.size(), 1u);
    EXPECT_NE(asked[0].find("Winrs/MaxShellsPerUser: 2147483647, now 3"), std::string::npos) << asked[0];

    write("policy.d/1.yml", "MaxTimeoutms: 700\n");
    EXPECT_EQ(log.with("configuration: by hand in " + folder + "/policy.d (of ").size(), 1u);
    write("winrm.yaml",
          "Listener:\n  - {Address: '*', Transport: HTTP, Port: 8080}\nCertMapping:\n  - {Issuer: '" +
              std::string(40, 'A') + "', Subject: '*@example', UserName: bob}\n");
    for (const auto* part :
         {"listener * HTTP: port default", "mapping of *@example (*, issuer AAAA",
          "Security of http://x/y: deleted", "Groups of wheel: deleted", "UseLoginShell: true, now false"})
        EXPECT_EQ(log.with(part).size(), 1u) << part;
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
