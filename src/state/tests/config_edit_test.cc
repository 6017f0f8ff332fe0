// Changes of winrm.yaml: what is changed, and what stays as somebody wrote it.
#include <gtest/gtest.h>

#include "state/config_file.h"

namespace mullion::state {
namespace {

const std::string mine = R"(# Of the lab, mine.
MaxTimeoutms: 50000   # not more
Service:
    # Only inside TLS.
    Auth:
        Basic: no
Winrs: {MaxShellsPerUser: 5}
Listener:
  # The first.
  - Address: '*'
    Transport: HTTP
  - Transport: HTTPS   # The second.
    Address: IP:127.0.0.1
    Port: 15986

# At the end.
)";

std::string changed(const std::string& text, const std::function<void(ConfigLayer&)>& how) {
    auto layer = read_layer(text);
    EXPECT_TRUE(layer.ok()) << text;
    how(*layer);
    const auto edited = edit_layer(text, *layer);
    EXPECT_TRUE(edited.ok());
    const auto again = read_layer(*edited);
    EXPECT_TRUE(again.ok()) << *edited;
    EXPECT_EQ(again->values, layer->values) << *edited;
    EXPECT_EQ(again->listeners, layer->listeners) << *edited;
    EXPECT_EQ(again->mappings, layer->mappings) << *edited;
    return *edited;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    return text.replace(text.find(what), what.size(), by);
}

TEST(ConfigEdit, AValueChangesInItsLine) {
    EXPECT_EQ(changed(mine, [](auto& layer) { layer.values["MaxTimeoutms"] = "60000"; }),
              replaced(mine, "50000 ", "60000 "));
    EXPECT_EQ(changed(mine, [](auto& layer) { layer.values["Service/Auth/Basic"] = "true"; }),
              replaced(mine, "Basic: no", "Basic: true"));
    EXPECT_EQ(changed(mine, [](auto&) {}), mine);
}

TEST(ConfigEdit, ANewValueGoesIntoItsSection) {
    EXPECT_EQ(changed(mine, [](auto& layer) { layer.values["Service/Auth/Kerberos"] = "false"; }),
              replaced(mine, "        Basic: no\n", "        Kerberos: false\n        Basic: no\n"));
    EXPECT_EQ(changed(mine, [](auto& layer) { layer.values["Service/RootSDDL"] = "O:NSG:BA"; }),
              replaced(mine, "    Auth:\n", "    RootSDDL: \"O:NSG:BA\"\n    Auth:\n"));
    EXPECT_EQ(changed(mine, [](auto& layer) { layer.values["Client/Auth/Basic"] = "false"; }),
              mine + "Client:\n  Auth:\n    Basic: false\n");
    EXPECT_EQ(changed("", [](auto& layer) { layer.values["MaxTimeoutms"] = "500"; }), "MaxTimeoutms: 500\n");
    EXPECT_EQ(changed("Service:\n", [](auto& layer) { layer.values["Service/AllowUnencrypted"] = "true"; }),
              "Service:\n  AllowUnencrypted: true\n");
    EXPECT_EQ(
        changed("Service/Auth/Basic: true\n", [](auto& l) { l.values["Service/Auth/Basic"] = "false"; }),
        "Service/Auth/Basic: false\n");
}

TEST(ConfigEdit, AValueThatIsNoLongerSaidIsGone) {
    EXPECT_EQ(changed(mine, [](auto& layer) { layer.values.erase("Service/Auth/Basic"); }),
              replaced(mine, "        Basic: no\n", ""));
}

TEST(ConfigEdit, AListenerComesChangesAndGoes) {
    ListenerSettings other;
    other.address = "10.0.0.1";
    EXPECT_EQ(
        changed(mine, [&](auto& layer) { layer.listeners->push_back(other); }),
        replaced(mine, "    Port: 15986\n",
                 "    Port: 15986\n  - Address: \"IP:10.0.0.1\"\n    Transport: HTTP\n    Enabled: true\n"));
    EXPECT_EQ(
        changed(mine, [](auto& layer) { layer.listeners->at(1).port = 443; }),
        replaced(mine, "  - Transport: HTTPS   # The second.\n    Address: IP:127.0.0.1\n    Port: 15986\n",
                 "  - Address: \"IP:127.0.0.1\"\n    Transport: HTTPS\n    Port: 443\n    Enabled: true\n"));
    EXPECT_EQ(changed(mine, [](auto& layer) { layer.listeners->erase(layer.listeners->begin()); }),
              replaced(mine, "  - Address: '*'\n    Transport: HTTP\n", ""));
}

TEST(ConfigEdit, NoListenerAtAllIsSaid) {
    const std::string one = "Listener:\n  - {Address: '*', Transport: HTTP}\nMaxTimeoutms: 500\n";
    const auto none = changed(one, [](auto& layer) { layer.listeners->clear(); });
    EXPECT_EQ(none, "Listener: []\nMaxTimeoutms: 500\n");
    EXPECT_EQ(changed("# x\n", [](auto& layer) { layer.listeners.emplace(); }), "# x\nListener: []\n");
    EXPECT_EQ(changed(none, [](auto& layer) { layer.listeners->emplace_back(); }),
              "Listener:\n  - Address: \"*\"\n    Transport: HTTP\n    Enabled: true\nMaxTimeoutms: 500\n");
}

TEST(ConfigEdit, AMappingComesAndGoes) {
    CertificateMapping mapping{std::string(40, 'A'), "*@\"EXAMPLE\\", "*", true, "alice"};
    const auto with = changed(mine, [&](auto& layer) { layer.mappings.push_back(mapping); });
    EXPECT_TRUE(with.starts_with(mine)) << with;
    EXPECT_EQ(changed(with, [](auto& layer) { layer.mappings.clear(); }), mine + "CertMapping: []\n");
    const auto off = changed(with, [](auto& layer) { layer.mappings[0].enabled = false; });
    EXPECT_NE(off.find("Enabled: false"), std::string::npos) << off;
}

// What cannot be changed line by line is written anew, and no comment is lost.
TEST(ConfigEdit, OtherFormsAreWrittenAnew) {
    const auto flow = changed(mine, [](auto& layer) { layer.values["Winrs/MaxShellsPerUser"] = "7"; });
    EXPECT_NE(flow.find("# Of the lab, mine."), std::string::npos);
    EXPECT_NE(flow.find("# Only inside TLS."), std::string::npos);
    EXPECT_NE(flow.find("MaxShellsPerUser: 7"), std::string::npos);
    const auto json = changed("{MaxTimeoutms: 600, Listener: [{Address: '*', Transport: HTTP}]}",
                              [](auto& layer) { layer.values["MaxBatchItems"] = "9"; });
    EXPECT_NE(json.find("MaxBatchItems: 9\n"), std::string::npos) << json;
}

TEST(ConfigEdit, AnyTextComesBackAsItWas) {
    const std::string odd = "a\"b\\c: #d\n'e'\x01\tü {[*&!|>%@`";
    const auto text = changed(mine, [&](auto& layer) { layer.listeners->front().hostname = odd; });
    const auto plain = changed(text, [](auto& layer) { layer.listeners->front().hostname = "x"; });
    EXPECT_NE(plain.find("Hostname: \"x\"\n"), std::string::npos) << plain;
}

TEST(ConfigEdit, AFileThatCannotBeReadIsLeftAlone) {
    EXPECT_FALSE(edit_layer("MaxTimeoutms: [", {}).ok());
}

TEST(ConfigEdit, AWholeLayerIsWrittenInWindowsOrder) {
    ConfigLayer layer;
    layer.values = {{"Winrs/IdleTimeout", "60000"},
                    {"Service/Auth/Basic", "true"},
                    {"Service/MaxConnections", "5"},
                    {"MaxTimeoutms", "500"}};
    EXPECT_EQ(layer_yaml(layer),
              "MaxTimeoutms: 500\nService:\n  MaxConnections: 5\n  Auth:\n    Basic: true\nWinrs:\n"
              "  IdleTimeout: 60000\n");
    EXPECT_EQ(read_layer(layer_yaml(layer)).value(), layer);
}

}  // namespace
}  // namespace mullion::state
