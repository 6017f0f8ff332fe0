#include "cli/config_yaml.h"

#include <gtest/gtest.h>

#include "client/tests/fake_config.h"

namespace mullion::cli {
namespace {

client::ConfigRead host() {
    client::testing::FakeConfig config;
    client::ConfigRead read;
    read.documents.push_back(wsman::new_config_document(wsman::config_resources().front()));
    for (const auto& row : wsman::config_resources().front().rows)
        read.documents.front().values.push_back(config.tree[std::string(row.path)]);
    config.add_listener("*", "HTTP", "5985");
    config.add_listener("IP:10.0.0.1", "HTTPS", "5986");
    for (auto& one : config.instances) read.documents.push_back(std::move(one));
    return read;
}

wsman::ConfigValue& value(client::ConfigRead& read, std::string_view path) {
    for (auto& document : read.documents)
        for (auto& one : document.values)
            if (one.path == path) return one;
    throw std::runtime_error(std::string(path));
}

TEST(ConfigYaml, ThatWasWrittenIsReadAsItWasAndChangesNothing) {
    auto read = host();
    value(read, "Client/TrustedHosts").text = "a'b,<local>";
    const auto text = config_yaml("web01", read);
    const auto wanted = read_config_yaml(text, "f");
    ASSERT_TRUE(wanted.ok()) << wanted.error().message() << "\n" << text;
    // Read-only, deprecated and computed settings are not in it.
    for (const char* absent : {"MaxProviderRequests", "MaxConcurrentOperations:", "ListeningOn"})
        EXPECT_EQ(text.find(absent), std::string::npos) << absent;
    client::ConfigRead now = host();
    for (const auto& resource : wsman::config_resources()) {
        if (!resource.keys.empty() || resource.path.empty()) continue;
        auto section = wsman::new_config_document(resource);
        for (const auto& row : resource.rows) section.values.push_back(value(read, row.path));
        now.documents.push_back(std::move(section));
    }
    const auto plan = client::plan_set(*wanted, now);
    ASSERT_TRUE(plan.ok()) << plan.error().message();
    EXPECT_TRUE(plan->changes.empty()) << plan->changes[0].differences[0].path;
}

TEST(ConfigYaml, HasTheFormOfTheServicesOwnFile) {
    const auto text = config_yaml("web01", host());
    for (const char* part : {"\nMaxEnvelopeSizekb: 500\n", "\nService:\n", "\n  Auth:\n    Basic: false\n",
                             "\n  DefaultPorts:\n    HTTP: 5985\n",
                             "\nListener:\n  - Address: '*'\n    Transport: 'HTTP'\n    Port: 5985\n",
                             "\n  - Address: 'IP:10.0.0.1'\n"})
        EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST(ConfigYaml, LeavesOutWhatPolicySetsAndWhatItDoesNotKnow) {
    auto read = host();
    value(read, "Service/Auth/Basic").source = "GPO";
    read.documents.front().values.push_back({"Service/Future", "x\n\x1b[2J", "", false});
    read.documents.back().source = "GPO";
    read.documents.front().values.push_back({"Service/More/Deep", "x", "", false});
    // Out of its place, and twice.
    read.documents.front().values.push_back({"Service/AllowUnencrypted", "true", "", false});
    const auto text = config_yaml("web\n01", read);
    EXPECT_NE(text.find("    # Basic: false   # set by policy\n"), std::string::npos) << text;
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    const auto wanted = read_config_yaml(text, "f");
    ASSERT_TRUE(wanted.ok()) << wanted.error().message();
    for (const auto& one : *wanted) EXPECT_NE(one.path.path, "Service/Auth/Basic");
    for (const auto& one : *wanted)
        for (const auto& key : one.path.keys) EXPECT_NE(key.value, "IP:10.0.0.1");
}

TEST(ConfigYaml, OfAHostileHostIsStillOneValue) {
    auto read = host();
    value(read, "Service/RootSDDL").text = "x\nMaxTimeoutms: 500\t\"\\ '\x7f";
    value(read, "MaxTimeoutms").text = "1\nMaxBatchItems: 5";
    const auto text = config_yaml("web01", read);
    const auto wanted = read_config_yaml(text, "f");
    // A number that is none is written as text, and is refused when it is read.
    EXPECT_FALSE(wanted.ok());
    value(read, "MaxTimeoutms").text = "60000";
    const auto again = read_config_yaml(config_yaml("web01", read), "f");
    ASSERT_TRUE(again.ok()) << again.error().message();
    for (const auto& one : *again)
        if (one.path.path == "Service/RootSDDL") {
            EXPECT_EQ(one.value, value(read, "Service/RootSDDL").text);
        }
}

TEST(ConfigYaml, ThatIsWrongIsToldWithItsLine) {
    struct Wrong {
        const char *text, *why;
    };
    for (const auto& [text, why] : std::vector<Wrong>{
             {"Service:\n  Auth:\n    Basc: true\n", "f:3: "},
             {"Service:\n  Auth:\n    Basc: true\n", "did you mean Service/Auth/Basic?"},
             {"MaxTimeoutms: soon\n", "f:1: "},
             {"\nService: 5\n", "f:2: Service holds settings"},
             {"MaxTimeoutms:\n  a: b\n", "takes one value"},
             {"MaxTimeoutms: 1000\nMaxTimeoutms: 2000\n", "f:2"},
             {"- a\n", "settings are wanted"},
             {"Listener: 5\n", "is a list"},
             {"Listener:\n  - 5\n", "is a map"},
             {"Listener:\n  - Address: '*'\n", "HTTP or HTTPS"},
             {"Listener:\n  - Transport: HTTP\n    Prt: 5\n", "did you mean Port?"},
             {"Listener:\n  - Transport: HTTP\n    Port: 0\n", "f:3: "},
             {"Listener:\n  - Transport: HTTP\n    ClientCertNegotiation: true\n", "the service's own"},
             {"CertMapping:\n  - Subject: u\n", "40 hex digits"},
             {"CertMapping:\n  - Subject: u\n    Issuer: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n    "
              "Password: canary\n",
              "--mapping-password-file"},
             {"Listener?Transport=HTTP: 5\n", "no name of a setting"},
             {"MaxProviderRequests: 5\n", "read-only"},
         }) {
        const auto read = read_config_yaml(text, "f");
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().id, ErrorId::config_invalid);
        EXPECT_NE(read.error().detail.find(why), std::string::npos) << read.error().detail;
        EXPECT_EQ(read.error().detail.find("canary"), std::string::npos);
    }
}

TEST(ConfigYaml, TakesSectionsThatAreEmptyAndNamesInOne) {
    const auto read =
        read_config_yaml("Service:\nWinrs/IdleTimeout: 5\nListener:\nClient:\n  TrustedHosts:\n", "f");
    ASSERT_TRUE(read.ok()) << read.error().message();
    ASSERT_EQ(read->size(), 2U);
    EXPECT_EQ((*read)[0].path.path, "Winrs/IdleTimeout");
    EXPECT_EQ((*read)[1].value, "");
    EXPECT_TRUE(read_config_yaml("", "f")->empty());
}

TEST(ConfigYaml, EveryTruncationIsAnErrorOrAPrefix) {
    const auto text = config_yaml("web01", host());
    const auto whole = read_config_yaml(text, "f");
    for (std::size_t length = 0; length < text.size(); ++length) {
        const auto read = read_config_yaml(std::string_view(text).substr(0, length), "f");
        if (read.ok()) {
            EXPECT_LE(read->size(), whole->size()) << length;
        }
    }
}

}  // namespace
}  // namespace mullion::cli
