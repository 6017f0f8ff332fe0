// winrm/config/plugin, service/security and resource: what a Put may say, and what answers look like.
#include "wsman/config_plugin.h"
#include "wsman/tests/config_data.h"

namespace mullion::wsman {
namespace {

using testing::config_request;
using testing::message_id;
using testing::message_of;
using testing::other_id;
using testing::settings;

const std::string shell = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell";
const std::string full = "D:(A;;GA;;;BA)";

Plugin shells() {
    return {{{"Name", "Shell cmd plugin"}, {"SDKVersion", "2"}, {"Enabled", "true"}},
            {{shell, true, false, {{shell + "/cmd", full, true}}, {"Shell"}}}};
}

// The representation in a Put, as a client sends back what it got.
Message put_of(const std::string& body, const std::string& path = "plugin",
               const std::vector<Selector>& keys = {{"Name", "Shell cmd plugin"}}) {
    const std::string uri = std::string(resource::config) + "/" + path;
    const RequestHead head{action::put, uri, message_id, keys, {}};
    return message_of(write_request(settings(), head, [&](xml::Writer& out) { out.raw(body); }));
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), by);
}

TEST(ConfigPlugin, IsWrittenAsTheSchemaOfWindowsHasIt) {
    EXPECT_EQ(plugin_item(shells()),
              "<cfg:PlugInConfiguration "
              "xmlns:cfg=\"http://schemas.microsoft.com/wbem/wsman/1/config/PluginConfiguration\" "
              "xml:lang=\"en-US\" Name=\"Shell cmd plugin\" SDKVersion=\"2\" Enabled=\"true\">"
              "<cfg:InitializationParameters/><cfg:Resources><cfg:Resource ResourceUri=\"" +
                  shell + "\" SupportsOptions=\"true\" ExactMatch=\"false\"><cfg:Security Uri=\"" + shell +
                  "/cmd\" Sddl=\"D:(A;;GA;;;BA)\" ExactMatch=\"true\"/><cfg:Capability Type=\"Shell\"/>"
                  "</cfg:Resource></cfg:Resources></cfg:PlugInConfiguration>");
    const auto answer = message_of(write_plugin_answer(action::get, other_id, message_id, shells()));
    EXPECT_EQ(answer.header.action, std::string(action::get) + "Response");
    EXPECT_EQ(answer.body.to_xml(), xml::Document::parse(plugin_item(shells()))->root().to_xml());
    const auto both = plugin_item_with_reference(shells(), "http://host/wsman");
    EXPECT_TRUE(both.starts_with("<w:Item ")) << both;
    EXPECT_NE(both.find("<w:Selector Name=\"Name\">Shell cmd plugin</w:Selector>"), std::string::npos)
        << both;
}

TEST(ConfigPlugin, ComesBackUnchanged) {
    const auto read = read_plugin_put(put_of(plugin_item(shells())), shells());
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(*read, shells().resources[0].security);
    // Who says less leaves the rest as it is.
    const auto less = read_plugin_put(put_of("<p:PlugInConfiguration xmlns:p=\"" + std::string(plugin_space) +
                                             "\" Name=\"SHELL CMD PLUGIN\"/>"),
                                      shells());
    ASSERT_TRUE(less.ok()) << less.error().message();
    EXPECT_EQ(*less, shells().resources[0].security);
}

TEST(ConfigPlugin, DescriptorsAreAddedChangedAndTakenAway) {
    const auto whole = plugin_item(shells());
    const std::string old =
        "<cfg:Security Uri=\"" + shell + "/cmd\" Sddl=\"D:(A;;GA;;;BA)\" ExactMatch=\"true\"/>";
    EXPECT_TRUE(read_plugin_put(put_of(replaced(whole, old, "")), shells())->empty());
    const auto two = read_plugin_put(put_of(replaced(whole, old,
                                                     replaced(old, "D:(A", "D:(D") + "<cfg:Security Uri=\"" +
                                                         shell + "\" Sddl=\"D:(A;;GA;;;WD)\"/>")),
                                     shells());
    ASSERT_TRUE(two.ok()) << two.error().message();
    EXPECT_EQ(*two, (std::vector<ResourceSecurity>{{shell + "/cmd", "D:(D;;GA;;;BA)", true},
                                                   {shell, "D:(A;;GA;;;WD)", false}}));
}

TEST(ConfigPlugin, RefusesWhatIsBuiltInAndWhatIsNoPlugin) {
    const auto whole = plugin_item(shells());
    struct Row {
        std::string what, by;
        std::uint32_t code;
    };
    const auto security = "<cfg:Security Uri=\"" + shell + "/cmd\"";
    for (const auto& [what, by, code] : std::vector<Row>{
             {"Enabled=\"true\"", "Enabled=\"false\"", code::read_only_setting},
             {"SDKVersion=\"2\"", "SDKVersion=\"1\"", code::read_only_setting},
             {"Name=\"Shell cmd plugin\"", "Name=\"other\"", code::read_only_setting},
             {"SDKVersion=\"2\"", "SDKVersion=\"2\" RunAsUser=\"root\"", code::read_only_setting},
             {"SDKVersion=\"2\"", "SDKVersion=\"2\" RunAsPassword=\"x\"", code::read_only_setting},
             {"<cfg:InitializationParameters/>",
              "<cfg:InitializationParameters><cfg:Param Name=\"a\" "
              "Value=\"b\"/></cfg:InitializationParameters>",
              code::read_only_setting},
             {"<cfg:Resources>", "<cfg:Quotas MaxShells=\"1\"/><cfg:Resources>", code::read_only_setting},
             {"SupportsOptions=\"true\"", "SupportsOptions=\"false\"", code::read_only_setting},
             {"SupportsOptions=\"true\"", "SupportsOptions=\"perhaps\"", code::schema_validation},
             {"Type=\"Shell\"", "Type=\"Get\"", code::read_only_setting},
             {"<cfg:Capability Type=\"Shell\"/>", "", code::read_only_setting},
             {"ResourceUri=\"" + shell, "ResourceUri=\"http://other", code::read_only_setting},
             {"<cfg:Resources>", "<cfg:Resources/><cfg:Resources>", code::read_only_setting},
             {"<cfg:Resources>", "<cfg:Quux/><cfg:Resources>", code::schema_validation},
             {"<cfg:Capability", "<cfg:Quux/><cfg:Capability", code::schema_validation},
             {security, "<cfg:Security Uri=\"http://other\"", code::schema_validation},
             {security, "<cfg:Security Uri=\"" + shell + "ish\"", code::schema_validation},
             {"Sddl=\"D:(A;;GA;;;BA)\"", "", code::schema_validation},
             {security, "<cfg:Security Uri=\"" + shell + "/CMD\" Sddl=\"D:\"/>" + security,
              code::schema_validation},
             {"config/PluginConfiguration", "other", code::invalid_namespace},
             {"<cfg:Resources>", "<cfg:Resources><cfg:Quux/>", code::schema_validation}}) {
        const auto read = read_plugin_put(put_of(replaced(whole, what, by)), shells());
        ASSERT_FALSE(read.ok()) << by;
        EXPECT_EQ(read.error().wsman_code, code) << by << ": " << read.error().message();
        EXPECT_EQ(read.error().message().find("RunAsPassword=\"x\""), std::string::npos);
    }
    EXPECT_EQ(read_plugin_put(put_of("<x/>"), shells()).error().wsman_code, code::schema_validation);
}

TEST(ConfigPlugin, HasLimits) {
    std::string many;
    for (int i = 0; i < 1'001; ++i)
        many += "<cfg:Security Uri=\"" + shell + "/" + std::to_string(i) + "\" Sddl=\"D:\"/>";
    EXPECT_FALSE(
        read_plugin_put(put_of(replaced(plugin_item(shells()), "<cfg:Capability", many + "<cfg:Capability")),
                        shells())
            .ok());
    std::string capabilities;
    for (int i = 0; i < 40; ++i) capabilities += "<cfg:Capability Type=\"Shell\"/>";
    EXPECT_FALSE(read_plugin_put(put_of(replaced(plugin_item(shells()), "<cfg:Capability",
                                                 capabilities + "<cfg:Capability")),
                                 shells())
                     .ok());
}

TEST(ConfigSecurity, IsOfTheResourceThatTheSelectorNames) {
    const ConfigTarget target{&security_config_resource(), {{"Uri", shell}}};
    const auto put = [&](const std::string& attributes, std::string_view space = plugin_space,
                         const std::string& name = "Security") {
        return read_security_put(
            put_of("<p:" + name + " xmlns:p=\"" + std::string(space) + "\" " + attributes + "/>",
                   "service/security", target.keys),
            target);
    };
    const auto read = put("Uri=\"" + replaced(shell, "http", "HTTP") + "\" Sddl=\"D:\" ExactMatch=\"TRUE\"");
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(read->sddl, "D:");
    EXPECT_TRUE(read->exact);
    EXPECT_EQ(put("Sddl=\"D:\"")->uri, shell);
    EXPECT_TRUE(put("Sddl=\"D:\"", std::string(resource::config) + "/service/security").ok());
    EXPECT_EQ(put("Uri=\"http://other\" Sddl=\"D:\"").error().wsman_code, code::invalid_selector_value);
    EXPECT_EQ(put("Uri=\"" + shell + "\"").error().wsman_code, code::schema_validation);
    EXPECT_EQ(put("Sddl=\"D:\" ExactMatch=\"2\"").error().wsman_code, code::schema_validation);
    EXPECT_EQ(put("Sddl=\"D:\"", "http://other").error().wsman_code, code::invalid_namespace);
    EXPECT_EQ(put("Sddl=\"D:\"", plugin_space, "Other").error().wsman_code, code::schema_validation);
    const auto answer = message_of(write_security_answer(action::get, other_id, message_id, *read));
    EXPECT_EQ(answer.body.attribute("", "ExactMatch"), "true");
    EXPECT_EQ(answer.body.attribute("", "Sddl"), "D:");
    EXPECT_EQ(answer.body.space(), plugin_space);
}

// service-protocol.md 2.1: the verbs of the three.
TEST(ConfigPlugin, HasTheVerbsOfWindowsButThoseThatMakeOne) {
    struct Row {
        std::string_view action;
        const char* path;
        std::vector<Selector> keys;
        std::optional<std::uint32_t> code;
    };
    const std::vector<Selector> name{{"name", "x"}}, uri{{"uri", "http://x"}};
    for (const auto& [verb, path, keys, code] :
         std::vector<Row>{{action::get, "Plugin", name, {}},
                          {action::put, "plugin", name, {}},
                          {action::enumerate, "plugin", {}, {}},
                          {action::create, "plugin", name, code::action_not_supported},
                          {action::remove, "plugin", name, code::action_not_supported},
                          {action::get, "plugin", {}, code::insufficient_selectors},
                          {action::get, "plugin", uri, code::unexpected_selectors},
                          {action::get, "service/security", uri, {}},
                          {action::put, "service/security", uri, {}},
                          {action::enumerate, "service/security", {}, code::action_not_supported},
                          {action::create, "service/security", uri, code::action_not_supported},
                          {action::remove, "service/security", uri, code::action_not_supported},
                          {action::get, "service/security", {}, code::insufficient_selectors},
                          {action::enumerate, "resource", {}, {}},
                          {action::get, "resource", {}, code::action_not_supported}}) {
        const auto target = read_config_target(config_request(verb, path, "", "", keys));
        EXPECT_EQ(target.ok(), !code) << verb << " " << path;
        if (!target.ok()) {
            EXPECT_EQ(target.error().wsman_code, code) << verb << " " << path;
        }
    }
}

TEST(ConfigPlugin, DamageIsRefusedOrHarmless) {
    const auto whole = put_of(plugin_item(shells())).body.to_xml();
    const ConfigTarget target{&security_config_resource(), {{"Uri", shell}}};
    for (std::size_t length = 0; length < whole.size(); ++length)
        EXPECT_FALSE(xml::Document::parse(whole.substr(0, length)).ok()) << length;
    // Each attribute and element by itself taken out.
    for (std::size_t at = whole.find_first_of("< "); at != std::string::npos;
         at = whole.find_first_of("< ", at + 1)) {
        const auto end = whole.find_first_of(" >", at + 1);
        if (end == std::string::npos) break;
        auto text = whole;
        text.erase(at, end - at);
        if (!xml::Document::parse(text).ok()) continue;
        const auto message = put_of(text);
        const auto plugin = read_plugin_put(message, shells());
        EXPECT_TRUE(plugin.ok() || plugin.error().id == ErrorId::wsman_malformed);
        const auto security = read_security_put(message, target);
        EXPECT_TRUE(security.ok() || security.error().id == ErrorId::wsman_malformed);
    }
}

TEST(ConfigPlugin, BelowIsMeantByParts) {
    EXPECT_TRUE(is_below(shell, shell));
    EXPECT_TRUE(is_below(shell + "/cmd", shell));
    EXPECT_FALSE(is_below(shell + "2", shell));
    EXPECT_FALSE(is_below(shell, shell + "/cmd"));
}

}  // namespace
}  // namespace mullion::wsman
