#include "wsman/config.h"
#include "wsman/tests/config_data.h"

namespace mullion::wsman {
namespace {

using testing::body_of;
using testing::config_request;
using testing::data_message;
using testing::put_winrs;
using testing::resource_of;

const std::vector<Selector> https{{"Address", "*"}, {"Transport", "HTTPS"}};

TEST(ConfigTarget, IsReadOfARecordedRequest) {
    const auto target = read_config_target(data_message("windows/config_get_request"));
    ASSERT_TRUE(target.ok());
    EXPECT_EQ(target.value(), (ConfigTarget{&resource_of(""), {}}));
}

TEST(ConfigTarget, OrdersAndSpellsItsKeys) {
    const auto target = read_config_target(
        config_request(action::remove, "Listener", "", "", {{"TRANSPORT", "https"}, {"address", "ip:::1"}}));
    ASSERT_TRUE(target.ok()) << target.error().message();
    EXPECT_EQ(target.value().keys, (std::vector<Selector>{{"Address", "IP:::1"}, {"Transport", "HTTPS"}}));
    EXPECT_EQ(target.value().resource, &resource_of("listener"));
}

TEST(ConfigTarget, RefusesWhatTheResourceDoesNotDo) {
    struct Case {
        std::string_view action;
        const char* path;
        std::vector<Selector> keys;
        std::uint32_t code;
    };
    for (const auto& [verb, path, keys, code] : std::vector<Case>{
             {action::put, "client/defaultports", {}, code::action_not_supported},
             {action::put, "service/defaultports", {}, code::action_not_supported},
             {action::create, "winrs", {}, code::action_not_supported},
             {action::remove, "", {}, code::action_not_supported},
             {action::enumerate, "service", {}, code::action_not_supported},
             {action::command, "winrs", {}, code::action_not_supported},
             {"http://x/Restore", "", {}, code::action_not_supported},
             {action::get, "unheard", {}, code::resource_not_found},
             {action::get, "winrs/CustomRemoteShell", {}, code::custom_shell_deprecated},
             {action::get, "winrs", {{"Name", "x"}}, code::unexpected_selectors},
             {action::get, "listener", {}, code::insufficient_selectors},
             {action::get, "listener", {{"Address", "*"}}, code::insufficient_selectors},
             {action::get, "listener", {{"Address", "*"}, {"Port", "1"}}, code::unexpected_selectors},
             {action::enumerate, "listener", https, code::unexpected_selectors},
             {action::create, "listener", {{"Address", "x"}, {"Transport", "HTTP"}}, code::listener_address},
             {action::create,
              "listener",
              {{"Address", "*"}, {"Transport", "x"}},
              code::invalid_selector_value},
         }) {
        const auto target = read_config_target(config_request(verb, path, "", "", keys));
        ASSERT_FALSE(target.ok()) << verb << " " << path;
        EXPECT_EQ(target.error().wsman_code, code) << target.error().message();
    }
    // Of what is not there only the service can tell.
    EXPECT_TRUE(read_config_target(config_request(action::get, "listener", "", "",
                                                  {{"Address", "x"}, {"Transport", "HTTP"}}))
                    .ok());
    EXPECT_TRUE(read_config_target(config_request(action::enumerate, "listener", "", "")).ok());
}

TEST(ConfigPut, TakesThePartsInAnyOrderAndSpelling) {
    const auto read = put_winrs(
        "<p:maxshellsperuser>5</p:maxshellsperuser>"
        "<p:AllowRemoteShellAccess Source=\"GPO\"> TRUE </p:AllowRemoteShellAccess>");
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(read.value().values,
              (std::vector<ConfigValue>{{"Winrs/MaxShellsPerUser", "5", "", false},
                                        {"Winrs/AllowRemoteShellAccess", "true", "", false}}));
}

TEST(ConfigPut, TakesTheWholeTreeInEitherNamespace) {
    const auto message = config_request(
        action::put, "", "Config",
        "<p:MaxTimeoutms>60001</p:MaxTimeoutms><p:Service><p:Auth><p:Basic>true</p:Basic></p:Auth></"
        "p:Service>"
        "<q:Winrs "
        "xmlns:q=\"http://schemas.microsoft.com/wbem/wsman/1/config/winrs\"><q:IdleTimeout>1</q:IdleTimeout>"
        "</q:Winrs>");
    const auto read = body_of(message);
    ASSERT_TRUE(read.ok()) << read.error().message();
    ASSERT_EQ(read.value().values.size(), 3U);
    EXPECT_EQ(read.value().find("Service/Auth/Basic")->text, "true");
    EXPECT_EQ(read.value().find("Winrs/IdleTimeout")->text, "1");

    // A leaf whose root is in the namespace of the whole tree.
    const RequestHead head{
        action::put, "http://schemas.microsoft.com/wbem/wsman/1/config/winrs", testing::message_id, {}, {}};
    const auto leaf =
        body_of(testing::message_of(write_request(testing::settings(), head, [](xml::Writer& out) {
            out.raw(
                "<Winrs "
                "xmlns=\"http://schemas.microsoft.com/wbem/wsman/1/config\"><IdleTimeout>2</IdleTimeout></"
                "Winrs>");
        })));
    ASSERT_TRUE(leaf.ok()) << leaf.error().message();
    EXPECT_EQ(leaf.value().find("Winrs/IdleTimeout")->text, "2");
}

TEST(ConfigPut, RefusesWhatTheTableDoesNotHave) {
    struct Case {
        const char* inside;
        std::uint32_t code;
    };
    for (const auto& [inside, code] : std::vector<Case>{
             {"<p:Unheard>1</p:Unheard>", code::schema_validation},
             {"<p:IdleTimeout>1</p:IdleTimeout><p:IdleTimeout>1</p:IdleTimeout>", code::schema_validation},
             {"<p:IdleTimeout>x</p:IdleTimeout>", code::schema_validation},
             {"<p:IdleTimeout><p:IdleTimeout>1</p:IdleTimeout></p:IdleTimeout>", code::schema_validation},
             {"<p:IdleTimeout xsi:nil=\"true\"/>", code::schema_validation},
             {"<p:Winrs><p:IdleTimeout>1</p:IdleTimeout></p:Winrs>", code::schema_validation},
             {"<IdleTimeout>1</IdleTimeout>", code::invalid_namespace},
             {"<x:IdleTimeout xmlns:x=\"urn:x\">1</x:IdleTimeout>", code::invalid_namespace},
         }) {
        const auto read = put_winrs(inside);
        ASSERT_FALSE(read.ok()) << inside;
        EXPECT_EQ(read.error().wsman_code, code) << read.error().message();
    }
    const auto twice = body_of(config_request(action::put, "service", "Service", "<p:Auth/><p:Auth/>"));
    EXPECT_EQ(twice.error().wsman_code, code::schema_validation);
    const auto other = body_of(config_request(action::put, "service", "Winrs", ""));
    EXPECT_EQ(other.error().wsman_code, code::schema_validation);
    const auto none = body_of(config_request(action::put, "service", "", ""));
    EXPECT_EQ(none.error().wsman_code, code::schema_validation);
    const auto nil =
        body_of(config_request(action::put, "client", "Client", "<p:TrustedHosts xsi:nil=\"true\"/>"));
    ASSERT_TRUE(nil.ok());
    EXPECT_EQ(nil.value().find("Client/TrustedHosts")->text, "");
}

TEST(ConfigCreate, TakesWhatWinrmSends) {
    // The root's name is the last part of the URI, as the user typed it.
    const auto read =
        body_of(config_request(action::create, "listener", "listener",
                               "<p:Hostname>h</p:Hostname><p:Address>*</p:Address><p:CertificateThumbprint>"
                               "0123456789abcdef0123456789abcdef01234567</p:CertificateThumbprint>",
                               https));
    ASSERT_TRUE(read.ok()) << read.error().message();
    ASSERT_EQ(read.value().values.size(), 2U);
    EXPECT_EQ(read.value().values[1].text, "0123456789ABCDEF0123456789ABCDEF01234567");
}

TEST(ConfigCreate, RefusesWhatDoesNotFitTogether) {
    const std::vector<Selector> http{{"Address", "*"}, {"Transport", "http"}};
    const auto with = [](const char* inside, const std::vector<Selector>& keys) {
        return body_of(config_request(action::create, "Listener", "Listener", inside, keys))
            .error()
            .wsman_code;
    };
    const char mark[] =
        "<p:CertificateThumbprint>0123456789abcdef0123456789abcdef01234567</p:CertificateThumbprint>";
    EXPECT_EQ(with(mark, http), code::thumbprint_not_empty);
    EXPECT_EQ(with("<p:Transport>HTTP</p:Transport>", https), code::invalid_selector_value);
    EXPECT_EQ(with("<p:ListeningOn>::1</p:ListeningOn>", https), code::schema_validation);
}

TEST(ConfigMapping, KeepsThePasswordASecret) {
    const std::vector<Selector> keys{
        {"Issuer", "0123456789abcdef0123456789abcdef01234567"}, {"Subject", "u@x"}, {"URI", "*"}};
    const auto send = [&](std::string_view verb, const std::string& password) {
        return body_of(config_request(verb, "service/certmapping", "certmapping",
                                      "<p:UserName>u</p:UserName><p:Password>" + password + "</p:Password>",
                                      keys));
    };
    const auto read = send(action::create, " canary ");
    ASSERT_TRUE(read.ok()) << read.error().message();
    ASSERT_TRUE(read.value().password);
    EXPECT_TRUE(read.value().password->same_as(Secret(" canary ")));
    EXPECT_EQ(read.value().values.size(), 1U);
    EXPECT_EQ(send(action::create, "").error().wsman_code, code::mapping_password_blank);
    EXPECT_TRUE(send(action::create, std::string(255, 'x')).ok());
    EXPECT_EQ(send(action::create, std::string(256, 'x')).error().wsman_code, code::mapping_password_long);
    EXPECT_EQ(send(action::create, "x</p:Password><p:Password>y").error().wsman_code,
              code::schema_validation);
    // `winrm set` sends back what Get showed: nothing.
    ASSERT_TRUE(send(action::put, "").ok());
    EXPECT_FALSE(send(action::put, "").value().password);
}

ConfigDocument current_winrs() {
    auto document = new_config_document(resource_of("winrs"));
    for (const auto& row : document.resource->rows)
        document.values.push_back({std::string(row.path), std::string(row.preset), "", false});
    return document;
}

TEST(ConfigChanges, AreWhatDiffers) {
    const auto current = current_winrs();
    const auto asked = put_winrs(
        "<p:IdleTimeout>7200000</p:IdleTimeout><p:MaxShellsPerUser>5</p:MaxShellsPerUser>"
        "<p:AllowRemoteShellAccess>True</p:AllowRemoteShellAccess>");
    const auto changes = config_changes(current, asked.value());
    ASSERT_TRUE(changes.ok());
    EXPECT_EQ(changes.value(), (std::vector<ConfigValue>{{"Winrs/MaxShellsPerUser", "5", "", false}}));
}

TEST(ConfigChanges, OfPolicyAreRefusedAndTheSameIsNot) {
    auto current = current_winrs();
    current.values[1].source = policy_source;
    const auto asked = put_winrs("<p:IdleTimeout>1</p:IdleTimeout>");
    EXPECT_EQ(config_changes(current, asked.value()).error().wsman_code, code::policy_controlled);
    EXPECT_TRUE(
        config_changes(current, put_winrs("<p:IdleTimeout>7200000</p:IdleTimeout>").value()).value().empty());

    current = current_winrs();
    current.source = policy_source;
    EXPECT_EQ(config_changes(current, asked.value()).error().wsman_code, code::policy_controlled);
    const auto fault = config_fault(config_changes(current, asked.value()).error());
    EXPECT_EQ(fault.code, code::policy_controlled);
    EXPECT_EQ(fault.provider, "Config provider");
    EXPECT_NE(fault.message.find("Winrs/IdleTimeout"), std::string::npos);
}

TEST(ConfigChanges, OfKeysAndReadOnlySettingsAreRefused) {
    struct Case {
        const char *path, *root, *name, *now, *wanted;
        std::uint32_t code;
        std::vector<Selector> keys;
    };
    const std::vector<Selector> mapping{{"URI", "a"}, {"Subject", "b"}, {"Issuer", std::string(40, 'A')}};
    for (const auto& row : std::vector<Case>{
             {"", "Config", "MaxProviderRequests", "4294967295", "1", code::deprecated_setting, {}},
             {"service",
              "Service",
              "MaxConcurrentOperations",
              "4294967295",
              "1",
              code::deprecated_setting,
              {}},
             {"listener", "Listener", "Transport", "HTTPS", "HTTP", code::listener_keys, https},
             {"listener", "Listener", "ListeningOn", "::1", "::2", code::internal_error, https},
             {"service/certmapping", "CertMapping", "Subject", "b", "c", code::mapping_keys, mapping},
             {"service/certmapping", "CertMapping", "PassCertToPlugin", "false", "true",
              code::read_only_setting, mapping},
         }) {
        auto current = new_config_document(resource_of(row.path));
        const auto path = std::string(current.resource->prefix) + row.name;
        current.values.push_back({path, row.now, "", false});
        for (const bool changed : {false, true}) {
            const std::string name = row.name;
            const auto asked = body_of(config_request(
                action::put, row.path, row.root,
                "<p:" + name + ">" + (changed ? row.wanted : row.now) + "</p:" + name + ">", row.keys));
            ASSERT_TRUE(asked.ok()) << asked.error().message();
            const auto changes = config_changes(current, asked.value());
            ASSERT_EQ(changes.ok(), !changed) << path;
            if (changed) {
                EXPECT_EQ(changes.error().wsman_code, row.code) << path;
            }
        }
    }
}

}  // namespace
}  // namespace mullion::wsman
