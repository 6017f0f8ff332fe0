#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "source_dir/source_dir.h"
#include "state/config_file.h"
#include "state/config_tree.h"
#include "state/listen_url.h"
#include "state/settings_table.h"

namespace mullion::state {
namespace {

const std::string whole_file = R"(# Of a lab
MaxEnvelopeSizekb: 1024
Service:
  AllowUnencrypted: true
  Auth:
    Basic: yes
    CbtHardeningLevel: strict
  DefaultPorts:
    HTTP: 8080
winrs:
  MaxShellsPerUser: 5
Listener:
  - Address: '*'
    Transport: HTTP
  - Address: IP:127.0.0.1
    Transport: HTTPS
    Port: 15986
    Enabled: false
    CertificateThumbprint: 'ab cd 0000000000000000000000000000000000 12'
)";

std::string error_of(std::string_view yaml) {
    const auto config = read_config(yaml);
    if (config.ok()) return "taken";
    EXPECT_EQ(config.error().id, ErrorId::config_invalid);
    return config.error().detail;
}

TEST(ConfigFile, ReadsNamesAsWindowsWritesThem) {
    const auto config = read_config(whole_file);
    ASSERT_TRUE(config.ok()) << config.error().message();
    EXPECT_EQ(config->settings.max_envelope_size_kb, 1024u);
    EXPECT_TRUE(config->settings.allow_unencrypted);
    EXPECT_TRUE(config->settings.basic);
    EXPECT_EQ(config->settings.hardening, auth::CbtHardening::strict);
    EXPECT_EQ(config->settings.max_shells_per_user, 5u);
    EXPECT_EQ(config->settings.max_timeout_ms, 60'000u);  // Not in the file.
    ASSERT_EQ(config->listeners.size(), 2u);
    EXPECT_EQ(config->listeners[1].thumbprint, "ABCD000000000000000000000000000000000012");
    EXPECT_EQ(config->listeners[1].address, "127.0.0.1");
    const auto enabled = effective_listeners(*config);
    ASSERT_EQ(enabled.size(), 1u);
    EXPECT_EQ(effective_port(enabled[0], config->settings), 8080);
}

TEST(ConfigFile, AnEmptyFileIsWindowsDefaults) {
    for (const char* text : {"", "# nothing\n", "Service:\n", "~", "Listener:\n"}) {
        const auto config = read_config(text);
        ASSERT_TRUE(config.ok()) << text << config.error().message();
        EXPECT_EQ(*config, Config{}) << text;
    }
    const auto listeners = effective_listeners(Config{});
    ASSERT_EQ(listeners.size(), 1u);
    EXPECT_EQ(listeners[0].address, "*");
    EXPECT_EQ(effective_port(listeners[0], Settings{}), 5985);
}

TEST(ConfigFile, NamesTheLineAndTheNearestSetting) {
    EXPECT_EQ(error_of("Service:\n  AllowUnencryped: true\n"),
              "line 2: Service/AllowUnencryped is not a setting; did you mean Service/AllowUnencrypted?");
    EXPECT_EQ(error_of("Basic: true\n"), "line 1: Basic is not a setting; did you mean Service/Auth/Basic?");
    EXPECT_EQ(error_of("\nQuux: 1\n"), "line 2: Quux is not a setting");
    EXPECT_EQ(error_of("MaxTimeoutms: 10\n"),
              "line 1: MaxTimeoutms: \"10\" is not a number from 500 to 4294967295");
    EXPECT_EQ(error_of("Service:\n  Auth:\n    Basic: maybe\n"),
              "line 3: Service/Auth/Basic: \"maybe\" is not true or false");
    EXPECT_EQ(error_of("Service: 1\n"), "line 1: Service holds settings, not a value");
    EXPECT_EQ(error_of("MaxTimeoutms: [1]\n"), "line 1: MaxTimeoutms takes one value");
    EXPECT_EQ(error_of("Listener:\n  - Adress: '*'\n    Transport: HTTP\n"),
              "line 2: Adress is not a key of a listener; did you mean Address?");
    EXPECT_EQ(error_of("Listener:\n  - Address: '*'\n"), "line 2: a listener needs Transport: HTTP or HTTPS");
    EXPECT_EQ(
        error_of("Listener:\n  - {Address: '*', Transport: HTTP}\n  - {Address: '*', Transport: http}\n"),
        "line 3: there is already a listener of that Address and Transport");
    EXPECT_EQ(error_of("MaxTimeoutms: 500\nMaxTimeoutms: 600\n"), "line 2: MaxTimeoutms is given twice");
}

TEST(ConfigFile, RefusesWhatIsNotPlainYaml) {
    for (const char* text :
         {"a: &x 1\nb: *x\n", "!!map {}", "--- {}\n--- {}\n", "[1, 2]", "MaxTimeoutms: !!int 600", "a: b: c",
          "\tx", "{[a]: b}", "MaxTimeoutms: 4294967296", "MaxTimeoutms: -1", "MaxTimeoutms: 1e3",
          "MaxTimeoutms:"}) {
        EXPECT_NE(error_of(text), "taken") << text;
    }
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "[";
    EXPECT_EQ(error_of(deep), "line 1: nested too deep");
    EXPECT_EQ(error_of(std::string(2 * 1024 * 1024, '#')), "over 1048576 bytes");
}

// A cut file may be valid YAML; it must never be read as something else than its lines say, and never crash.
TEST(ConfigFile, EveryTruncationIsAnErrorOrAPrefix) {
    const auto whole = read_config(whole_file);
    ASSERT_TRUE(whole.ok());
    int refused = 0;
    for (std::size_t length = 0; length < whole_file.size(); ++length) {
        const auto config = read_config(std::string_view(whole_file).substr(0, length));
        if (!config.ok()) {
            ++refused;
            EXPECT_EQ(config.error().id, ErrorId::config_invalid);
            continue;
        }
        EXPECT_LE(config->listeners.size(), 2u);
        EXPECT_TRUE(!config->settings.basic || config->settings.allow_unencrypted);
    }
    EXPECT_GT(refused, 50);
}

TEST(Settings, SetTakesEverySeparatorAndCase) {
    ConfigTree tree;
    auto& layer = tree.command_line;
    ASSERT_TRUE(set_text(layer, "service\\auth\\basic=TRUE").ok());
    ASSERT_TRUE(set_text(layer, "Winrs.MaxShellsPerUser=0").ok());
    ASSERT_TRUE(set_text(layer, "Service/Auth/CbtHardeningLevel=none").ok());
    const Settings settings = tree.config().settings;
    EXPECT_TRUE(settings.basic);
    EXPECT_EQ(settings.max_shells_per_user, 0u);
    EXPECT_EQ(settings.hardening, auth::CbtHardening::none);
    EXPECT_FALSE(set_text(layer, "Service/Auth/Basic").ok());
    const auto wrong = set_text(layer, "Service/MaxConnection=1");
    ASSERT_FALSE(wrong.ok());
    EXPECT_EQ(wrong.error().detail,
              "--set Service/MaxConnection: there is no such setting; did you mean Service/MaxConnections?");
    const auto deprecated = set_text(layer, "MaxProviderRequests=4294967295");
    ASSERT_FALSE(deprecated.ok());
    EXPECT_EQ(deprecated.error().detail, "MaxProviderRequests is deprecated, and cannot be changed");
}

// A text that is another one than the preset, within the range.
std::string other_than_preset(const Setting& setting) {
    const auto& row = *setting.row;
    switch (row.type) {
        case wsman::ConfigType::boolean:
            return row.preset == "true" ? "false" : "true";
        case wsman::ConfigType::hardening:
            return "Strict";
        case wsman::ConfigType::thumbprint:
            return std::string(40, 'A');
        case wsman::ConfigType::ip_filter:
            return "";
        case wsman::ConfigType::number:
        case wsman::ConfigType::port:
            return std::to_string(row.minimum + 1);
        default:
            return row.path == "Service/RootSDDL" ? "D:(A;;GA;;;BA)" : "other";
    }
}

// Each row must reach its own field: a row that points at another's would be read and ignored.
TEST(Settings, EveryRowHasItsOwnField) {
    EXPECT_EQ(ConfigTree{}.config().settings, Settings{}) << "the wire's presets are not the fields'";
    std::size_t bound = 0;
    for (const Setting& setting : settings_table()) {
        if (!setting.writable() || std::holds_alternative<std::monostate>(setting.field)) continue;
        ++bound;
        Settings changed;
        assign(changed, setting, other_than_preset(setting));
        EXPECT_NE(changed, Settings{}) << setting.path();
        for (const Setting& other : settings_table()) {
            if (&other == &setting || std::holds_alternative<std::monostate>(other.field)) continue;
            Settings both = changed;
            assign(both, other, other.row->preset);
            EXPECT_EQ(both, changed) << other.path() << " has the field of " << setting.path();
        }
    }
    EXPECT_EQ(bound, 30u);
}

TEST(Settings, AThumbprintIsTakenAsCertificateManagersShowIt) {
    ConfigLayer layer;
    const std::string path = "Service/CertificateThumbprint";
    ASSERT_TRUE(set_text(layer, path + "=ab cd 0000000000000000000000000000000000 12").ok());
    EXPECT_EQ(layer.values[path], "ABCD000000000000000000000000000000000012");
    EXPECT_FALSE(set_text(layer, path + "=ab cd").ok());
    EXPECT_FALSE(set_text(layer, path + "=" + std::string(40, 'x')).ok());
    ASSERT_TRUE(set_text(layer, path + "=").ok());
    EXPECT_EQ(layer.values[path], "");
}

TEST(ListenUrl, TakesAddressesOfThisMachine) {
    const auto read = [](std::string_view url) {
        const auto listener = parse_listen_url(url);
        if (!listener.ok()) return std::string("refused");
        return (listener->https ? "tls " : "plain ") + listener->address + " " +
               (listener->port ? std::to_string(*listener->port) : "default");
    };
    EXPECT_EQ(read("http://127.0.0.1:0"), "plain 127.0.0.1 0");
    EXPECT_EQ(read("https://*:5986"), "tls * 5986");
    EXPECT_EQ(read("HTTPS://*"), "tls * default");
    EXPECT_EQ(read("http://[::1]:15985/wsman"), "plain ::1 15985");
    EXPECT_EQ(read("http://[::1]"), "plain ::1 default");
    EXPECT_EQ(read("http://localhost:1/"), "plain 127.0.0.1 1");
    for (const char* url :
         {"", "ftp://*", "http://", "http://host", "http://*:", "http://*:65536", "http://*:-1",
          "http://::1:80x", "http://*:80/other", "http://1.2.3", "http://[::1", "http://*:80 "})
        EXPECT_EQ(read(url), "refused") << url;
    EXPECT_EQ(listener_url(true, "::1", 5986), "https://[::1]:5986/wsman");
}

TEST(ConfigDocs, AreWhatTheTableSays) {
    std::ifstream file(source_dir() + "/docs/config.md");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(text, config_markdown()) << "write docs/config.md anew: mullion docs config > docs/config.md";
}

}  // namespace
}  // namespace mullion::state
