// Who has the last word on each value, and what policies say.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "os/user.h"
#include "state/config_file.h"
#include "state/config_store.h"
#include "state/config_tree.h"
#include "state/policy_files.h"
#include "state/policy_names.h"
#include "state/settings_table.h"
#include "state/state_directory.h"

namespace mullion::state {
namespace {

ConfigTree::Value value(const ConfigTree& tree, std::string_view path) {
    return tree.value(*find_setting(path)->row);
}

TEST(ConfigTree, PolicyIsOverTheCommandLineOverTheFileOverThePresets) {
    for (const Setting& setting : settings_table()) {
        ConfigTree tree;
        const std::string path(setting.path());
        EXPECT_EQ(value(tree, path).text, setting.row->preset);
        EXPECT_EQ(value(tree, path).origin, Origin::preset);
        tree.file.values[path] = "1";
        EXPECT_EQ(value(tree, path).origin, Origin::file);
        tree.command_line.values[path] = "2";
        EXPECT_EQ(value(tree, path).origin, Origin::command_line);
        tree.policy.values[path] = "3";
        EXPECT_EQ(value(tree, path).origin, Origin::policy) << path;
        EXPECT_EQ(value(tree, path).text, "3");
    }
}

std::vector<std::string> shown(const ConfigTree& tree) {
    std::vector<std::string> out;
    for (const auto& [listener, origin] : tree.listeners())
        out.push_back(listener.address + (listener.https ? " tls " : " plain ") +
                      std::to_string(listener.port.value_or(0)) + " " +
                      std::to_string(static_cast<int>(origin)));
    return out;
}

ListenerSettings listener(std::string address, bool https, std::uint16_t port) {
    ListenerSettings out;
    out.address = std::move(address);
    out.https = https;
    out.port = port;
    return out;
}

using Words = std::vector<std::string>;

TEST(ConfigTree, EveryListenerIsThereOnce) {
    ConfigTree tree;
    EXPECT_EQ(shown(tree), (Words{"* plain 0 0"}));
    tree.command_line.listeners = {listener("127.0.0.1", false, 1)};
    EXPECT_EQ(shown(tree), (Words{"127.0.0.1 plain 1 2"}));
    tree.file.listeners = {listener("*", true, 2), listener("127.0.0.1", false, 3)};
    EXPECT_EQ(shown(tree), (Words{"127.0.0.1 plain 1 2", "* tls 2 1"}));
    tree.policy.listeners = {listener("*", true, 4)};
    EXPECT_EQ(shown(tree), (Words{"* tls 4 3", "127.0.0.1 plain 1 2"}));
    tree = {};
    tree.file.listeners.emplace();
    EXPECT_EQ(shown(tree), Words{});
}

TEST(ConfigTree, AHigherLayersListenerHasItsAddressAndPort) {
    ConfigTree tree;
    tree.file.listeners = {listener("*", false, 5985), listener("10.0.0.1", true, 5985)};
    tree.policy.listeners = {listener("*", true, 5985)};
    auto config = tree.config();
    ASSERT_EQ(config.displaced.size(), 1U);
    EXPECT_EQ(config.displaced[0], listener("*", false, 5985));
    ASSERT_EQ(config.listeners.size(), 2U);
    EXPECT_EQ(shown(tree).size(), 3U) << "what is configured stays configured";
    // By DefaultPorts too.
    tree.file.listeners->front().port.reset();
    EXPECT_EQ(tree.config().displaced.size(), 1U);
    tree.file.values = {{"Service/DefaultPorts/HTTP", "5999"}};
    EXPECT_TRUE(tree.config().displaced.empty());
    // One that is switched off has nothing.
    tree.file.values.clear();
    tree.policy.listeners->front().enabled = false;
    EXPECT_TRUE(tree.config().displaced.empty());
    // Within a layer it is a mistake, which is told.
    tree.policy.listeners.reset();
    tree.file.listeners = {listener("*", false, 1), listener("*", true, 1)};
    EXPECT_TRUE(tree.config().displaced.empty());
    // What is there already need not be there for compatibility.
    tree.file.listeners = {listener("*", false, 80)};
    tree.file.values = {{"Service/EnableCompatibilityHttpListener", "true"}};
    config = tree.config();
    EXPECT_EQ(config.listeners.size(), 1U);
    EXPECT_TRUE(config.displaced.empty());
}

TEST(ConfigTree, AListenerOfTheCommandLineHasTheFilesCertificate) {
    ConfigTree tree;
    tree.command_line.listeners = {listener("*", true, 5986), listener("127.0.0.1", true, 1),
                                   listener("*", false, 2)};
    tree.file.listeners = {listener("10.0.0.1", true, 3), listener("*", true, 4)};
    tree.file.listeners->at(0).thumbprint = std::string(40, 'A');
    tree.file.listeners->at(1).thumbprint = std::string(40, 'B');
    const auto all = tree.listeners();
    EXPECT_EQ(all[0].settings.thumbprint, std::string(40, 'B')) << "of the same key";
    EXPECT_EQ(all[1].settings.thumbprint, std::string(40, 'A')) << "of the first";
    EXPECT_EQ(all[2].settings.thumbprint, "");
}

TEST(ConfigTree, CompatibilityListenersStandBesideTheOthers) {
    ConfigTree tree;
    tree.file.listeners = {listener("*", true, 2)};
    tree.file.listeners->front().thumbprint = std::string(40, 'A');
    tree.file.values = {{"Service/EnableCompatibilityHttpListener", "true"},
                        {"Service/EnableCompatibilityHttpsListener", "true"}};
    EXPECT_EQ(shown(tree), (Words{"* tls 2 1", "* plain 80 4", "* tls 443 4"}));
    EXPECT_EQ(tree.listeners().back().settings.thumbprint, std::string(40, 'A'));
}

ConfigLayer policy(std::string_view text) {
    ConfigLayer layer;
    const auto read = read_policy(layer, text);
    EXPECT_TRUE(read.ok()) << text << read.error().detail;
    return layer;
}

std::string policy_error(std::string_view text) {
    ConfigLayer layer;
    const auto read = read_policy(layer, text);
    return read.ok() ? "taken" : read.error().detail;
}

TEST(Policies, EachOfThemDoesWhatItsNameSays) {
    for (const Policy& one : policy_table()) {
        if (one.kind == PolicyKind::remote_management) continue;
        const auto quoted = "\"" + std::string(one.name) + "\"";
        const auto group = std::string(one.group) + ":\n  " + quoted + ": ";
        const bool value = one.kind == PolicyKind::value;
        const std::string some = one.path.ends_with("Level") ? "Strict" : "60001";
        const auto on =
            policy(group + (value ? "{State: Enabled, " + std::string(one.option) + ": " + some + "}\n"
                                  : "Enabled\n"));
        const auto off = policy(group + "Disabled\n");
        EXPECT_EQ(policy(group + "Not configured\n"), ConfigLayer{}) << quoted;
        if (one.kind == PolicyKind::nothing) {
            EXPECT_EQ(on, ConfigLayer{});
            continue;
        }
        const bool allows = one.kind == PolicyKind::allows;
        EXPECT_EQ(on.values.at(std::string(one.path)), value ? some : allows ? "true" : "false") << quoted;
        EXPECT_EQ(on.values.size(), 1u);
        if (value)
            EXPECT_EQ(off, ConfigLayer{}) << quoted;
        else
            EXPECT_EQ(off.values.at(std::string(one.path)), allows ? "false" : "true") << quoted;
    }
}

TEST(ConfigTree, PolicysDescriptorHidesThatOfTheFile) {
    ConfigTree tree;
    tree.policy = policy("Security:\n  - Uri: http://X/a\n    Sddl: 'D:(A;;GA;;;BA)'\n");
    tree.file.security = {{"http://x/A", "D:", false}, {"http://x/b", "D:", true}};
    const auto all = tree.security();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].entry.sddl, "D:(A;;GA;;;BA)");
    EXPECT_EQ(all[0].origin, Origin::policy);
    EXPECT_EQ(all[1].entry, (SecurityEntry{"http://x/b", "D:", true}));
    EXPECT_EQ(all[1].origin, Origin::file);
    EXPECT_EQ(tree.config().security.size(), 2u);
    ConfigLayer twice = policy("Security: [{Uri: http://x, Sddl: 'D:'}]\n");
    EXPECT_TRUE(read_policy(twice, "Security: [{Uri: http://X, Sddl: 'D:(A;;GA;;;BA)'}]\n").ok());
    ASSERT_EQ(twice.security.size(), 1u) << "a later file has the last word";
    EXPECT_EQ(twice.security[0].sddl, "D:(A;;GA;;;BA)");
    EXPECT_NE(policy_error("Security:\n  - Uri: http://x\n    Sddl: nonsense\n").find("line 3"),
              std::string::npos);
}

TEST(Policies, RemoteManagementMakesTheListener) {
    const auto on = policy(
        "Allow remote server management through WinRM: {State: Enabled, IPv4Filter: '*', IPv6Filter: ''}\n");
    ASSERT_TRUE(on.listeners && on.listeners->size() == 1);
    EXPECT_EQ(on.listeners->front(), ListenerSettings{});
    EXPECT_EQ(on.values.at("Service/IPv4Filter"), "*");
    EXPECT_EQ(on.values.at("Service/IPv6Filter"), "");
    EXPECT_EQ(on.values.at("Service/AllowRemoteAccess"), "true");
    const auto off = policy("Allow remote server management through WinRM: Disabled\n");
    EXPECT_EQ(off.values.at("Service/AllowRemoteAccess"), "false");
    EXPECT_FALSE(off.listeners);
    EXPECT_NE(policy_error("Allow remote server management through WinRM: Enabled\n").find("IPv4Filter"),
              std::string::npos);
}

TEST(Policies, PathsAndNamesStandSideBySide) {
    const auto layer = policy(
        "allow basic authentication: Disabled\n"
        "WinRM Client:\n  Allow Basic authentication: false\n"
        "Service:\n  MaxConnections: 7\n"
        "Specify idle Timeout: 60000\n"
        "Listener:\n  - {Address: '*', Transport: HTTPS}\n");
    EXPECT_EQ(layer.values,
              (std::map<std::string, std::string, std::less<>>{{"Client/Auth/Basic", "false"},
                                                               {"Service/Auth/Basic", "false"},
                                                               {"Service/MaxConnections", "7"},
                                                               {"Winrs/IdleTimeout", "60000"}}));
    EXPECT_EQ(layer.listeners->size(), 1u);
}

TEST(Policies, NameLineAndWhatIsWrong) {
    EXPECT_EQ(policy_error("\nAllow Basic authentication: perhaps\n"),
              "line 2: Allow Basic authentication is Enabled, Disabled or Not configured");
    EXPECT_EQ(policy_error("WinRM Service:\n  Allow everything: Enabled\n"),
              "line 2: WinRM Service has no policy \"Allow everything\"");
    EXPECT_EQ(policy_error("Specify idle Timeout: Enabled\n"),
              "line 1: \"Specify idle Timeout\" needs IdleTimeout");
    EXPECT_NE(
        policy_error("MaxConcurrentUsers: {State: Enabled, Value: 0}\n").find("line 1: \"Value\": Winrs/"),
        std::string::npos);
    EXPECT_EQ(policy_error("Trusted Hosts: {State: Enabled, Hosts: a}\n"),
              "line 1: Hosts is not an option of \"Trusted Hosts\"");
    EXPECT_NE(policy_error("CertMapping: []\n").find("winrm.yaml"), std::string::npos);
    EXPECT_NE(policy_error("Quux: 1\n").find("line 1: Quux is not a setting"), std::string::npos);
    EXPECT_NE(policy_error("[1]\n"), "taken");
}

TEST(Policies, EveryTruncationIsAnErrorOrAPrefix) {
    const std::string whole =
        "Allow remote server management through WinRM: {State: Enabled, IPv4Filter: '10.0.0.1-10.0.0.9'}\n"
        "WinRM Client:\n  Trusted Hosts: {State: Enabled, TrustedHostsList: 'a,b*'}\nService:\n  Auth:\n"
        "    Basic: true\nListener:\n  - Address: '*'\n    Transport: HTTPS\n";
    EXPECT_EQ(policy_error(whole), "taken");
    int refused = 0;
    for (std::size_t length = 0; length < whole.size(); ++length)
        refused += policy_error(whole.substr(0, length)) != "taken";
    EXPECT_GT(refused, 50);
}

class StoreTest : public ::testing::Test {
protected:
    StoreTest() {
        std::string name = ::testing::TempDir() + "mullion-store-XXXXXX";
        folder_ = mkdtemp(name.data());
        chmod(folder_.c_str(), 0700);
    }
    ~StoreTest() override { std::filesystem::remove_all(folder_); }
    void write(const std::string& file, const std::string& text) const {
        std::filesystem::create_directories(std::filesystem::path(folder_ + "/" + file).parent_path());
        std::ofstream(folder_ + "/" + file) << text;
    }
    [[nodiscard]] std::string text() const {
        std::ifstream file(folder_ + "/winrm.yaml");
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::string folder_;
};

Result<ConfigLayer> set_timeout(const ConfigTree& tree) {
    ConfigLayer layer = tree.file;
    layer.values["MaxTimeoutms"] = "777";
    return layer;
}

TEST_F(StoreTest, NamesFileAndLineOfWhatIsWrong) {
    const ConfigStore store(folder_, {});
    write("winrm.yaml", "MaxTimeoutms: 1\n");
    EXPECT_NE(store.read().error().detail.find(folder_ + "/winrm.yaml: line 1: MaxTimeoutms"),
              std::string::npos);
    write("winrm.yaml", "");
    write("policy.d/10.yml", "\nService: 1\n");
    EXPECT_NE(store.read().error().detail.find("policy.d/10.yml: line 2: "), std::string::npos);
    write("policy.d/10.yml", "");
    write("policy.d/20.txt", "nonsense: [");
    EXPECT_TRUE(store.read().ok());
}

TEST_F(StoreTest, TheLastPolicyFileHasTheLastWord) {
    write("policy.d/20.yaml", "Service/Auth/Basic: true\n");
    write("policy.d/10.yml", "Service/Auth/Basic: false\nMaxTimeoutms: 500\n");
    const auto tree = ConfigStore(folder_, {}).read();
    ASSERT_TRUE(tree.ok());
    EXPECT_EQ(value(*tree, "Service/Auth/Basic").text, "true");
    EXPECT_EQ(value(*tree, "MaxTimeoutms").text, "500");
}

TEST_F(StoreTest, AChangeKeepsWhatWasWrittenByHandMeanwhile) {
    const ConfigStore store(folder_, {});
    ASSERT_TRUE(store.read().ok());
    write("winrm.yaml", "# by hand\nMaxBatchItems: 5\n");
    const auto changed = store.change(set_timeout);
    ASSERT_TRUE(changed.ok()) << changed.error().message();
    EXPECT_EQ(value(*changed, "MaxBatchItems").text, "5");
    EXPECT_EQ(text(), "# by hand\nMaxBatchItems: 5\nMaxTimeoutms: 777\n");
}

TEST_F(StoreTest, WhatIsNotApprovedIsNotWritten) {
    const ConfigStore store(folder_, {});
    const auto refused = store.change(set_timeout, [](const ConfigTree& next) -> Result<void> {
        EXPECT_EQ(value(next, "MaxTimeoutms").text, "777");
        return Error{ErrorId::serve_listen, "taken"};
    });
    EXPECT_EQ(refused.error().id, ErrorId::serve_listen);
    EXPECT_EQ(text(), "");
    write("winrm.yaml", "broken: [");
    EXPECT_FALSE(store.change(set_timeout).ok());
    EXPECT_EQ(text(), "broken: [");
}

// In the place of winrm.yaml, or of a policy, stands what is none. Nothing of it may count as "no settings".
TEST_F(StoreTest, WhatIsNoFileIsAnErrorAndNotAnEmptyOne) {
    namespace fs = std::filesystem;
    const ConfigStore store(folder_, {});
    const auto refused = [&](const std::string& said) {
        const auto read = store.read();
        ASSERT_FALSE(read.ok()) << said;
        EXPECT_NE(read.error().message().find(said), std::string::npos) << read.error().message();
        EXPECT_FALSE(store.change(set_timeout).ok()) << said;
    };
    const fs::path file = fs::path(folder_) / "winrm.yaml";
    fs::create_symlink(folder_ + "/elsewhere.yaml", file);
    refused("winrm.yaml: No such file");  // A link that leads nowhere.
    std::ofstream(folder_ + "/elsewhere.yaml") << "MaxBatchItems: 5\n";
    EXPECT_EQ(value(*store.read(), "MaxBatchItems").text, "5");
    const auto linked = store.change(set_timeout);
    ASSERT_FALSE(linked.ok()) << "it would be another file then";
    EXPECT_NE(linked.error().detail.find("is a symbolic link"), std::string::npos);
    EXPECT_TRUE(fs::is_symlink(file));
    fs::remove(file);
    fs::create_directory(file);
    refused("is not a regular file");
    fs::remove(file);
    ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
    refused("is not a regular file");
    fs::remove(file);
    write("winrm.yaml", "#" + std::string(20 * 1024 * 1024, 'x'));
    refused("winrm.yaml");
    write("winrm.yaml", "");
    fs::create_symlink(folder_ + "/nowhere", folder_ + "/policy.d");
    refused("policy.d");
    fs::remove(folder_ + "/policy.d");
    EXPECT_TRUE(store.read().ok());
}

TEST_F(StoreTest, ThousandsOfPoliciesAreTooMany) {
    for (int i = 0; i < 101; ++i) write("policy.d/" + std::to_string(i) + ".yml", "");
    const auto read = ConfigStore(folder_, {}).read();
    ASSERT_FALSE(read.ok());
    EXPECT_NE(read.error().detail.find("policy.d: over 100 files"), std::string::npos);
}

TEST_F(StoreTest, AliasesDoNotMakeAFileLargerThanItIs) {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int j = 0; j < 10; ++j) bomb += (j == 0 ? "*a" : ", *a") + std::to_string(i - 1);
        bomb += "]\n";
    }
    write("winrm.yaml", bomb);
    EXPECT_FALSE(ConfigStore(folder_, {}).read().ok());
}

TEST_F(StoreTest, TellsWhichFilesDifferAndWhoseTheyAre) {
    const ConfigStore store(folder_, {});
    const auto before = *store.read();
    EXPECT_EQ(store.different_files(before, before), "");
    write("winrm.yaml", "MaxBatchItems: 5\n");
    const std::string owner = " (of " + os::current_user()->name + ")";
    EXPECT_EQ(store.different_files(before, *store.read()), folder_ + "/winrm.yaml" + owner);
    write("policy.d/1.yml", "MaxBatchItems: 6\n");
    EXPECT_EQ(store.different_files(before, *store.read()),
              folder_ + "/winrm.yaml" + owner + ", " + folder_ + "/policy.d" + owner);
    std::filesystem::remove(folder_ + "/winrm.yaml");
    ConfigTree last = *store.read();
    last.file.values["MaxBatchItems"] = "5";
    EXPECT_EQ(store.different_files(last, *store.read()), folder_ + "/winrm.yaml (gone)");
}

TEST(SetText, SaysWhereWhatIsInTheFileAloneBelongs) {
    ConfigLayer layer;
    for (const auto* text : {"UseLoginShell=true", "groups=x"}) {
        const auto set = set_text(layer, text);
        ASSERT_FALSE(set.ok()) << text;
        EXPECT_NE(set.error().detail.find("written in DIR/winrm.yaml, and nowhere else"), std::string::npos);
    }
}

// Two layers may speak of the listener "*", each of its own transport: they are two listeners, and policy
// owns its own alone.
TEST_F(StoreTest, AListenerOfPolicyAndOneOfTheFileAtEveryAddress) {
    write("policy.d/1.yml",
          "Allow remote server management through WinRM: {State: Enabled, IPv4Filter: '*'}\n");
    write("winrm.yaml", "Listener:\n  - {Address: '*', Transport: HTTPS}\n");
    const ConfigStore store(folder_, {});
    const auto both = store.read()->listeners();
    ASSERT_EQ(both.size(), 2u);
    EXPECT_TRUE(!both[0].settings.https && both[0].origin == Origin::policy);
    EXPECT_TRUE(both[1].settings.https && both[1].origin == Origin::file);
    write("winrm.yaml", "Listener:\n  - {Address: '*', Transport: HTTP, Port: 8080}\n");
    const auto hidden = store.read()->listeners();
    ASSERT_EQ(hidden.size(), 1u) << "policy's takes the place of the file's";
    EXPECT_EQ(hidden[0].origin, Origin::policy);
    EXPECT_FALSE(hidden[0].settings.port.has_value());
}

}  // namespace
}  // namespace mullion::state
