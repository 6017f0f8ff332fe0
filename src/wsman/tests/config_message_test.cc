#include "wsman/config.h"
#include "wsman/enumeration.h"
#include "wsman/tests/config_data.h"

namespace mullion::wsman {
namespace {

using testing::data_message;
using testing::message_id;
using testing::message_of;
using testing::other_id;
using testing::resource_of;
using testing::settings;

const std::vector<Selector> http{{"Address", "*"}, {"Transport", "HTTP"}};

TEST(ConfigAnswer, OfWindowsIsWrittenAgainAsItWas) {
    const auto recorded = data_message("windows/config_get_response");
    const auto read = read_config_answer(recorded, action::get, resource_of(""));
    ASSERT_TRUE(read.ok()) << read.error().message();
    const auto again = message_of(write_config_answer(action::get, other_id, message_id, read.value()));
    EXPECT_EQ(xml::canonical(again.body), xml::canonical(recorded.body));
    EXPECT_EQ(again.header.action, recorded.header.action);
}

TEST(ConfigAnswer, OfPolicyAndListsIsWrittenAgainAsItWas) {
    const auto recorded = data_message("made/config_listener_response");
    const auto read = read_config_answer(recorded, action::get, resource_of("listener"));
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(read.value().source, policy_source);
    EXPECT_EQ(read.value().language, "en-US");
    EXPECT_EQ(read.value().values.size(), 10U);
    const auto again = message_of(write_config_answer(action::get, other_id, message_id, read.value()));
    EXPECT_EQ(xml::canonical(again.body), xml::canonical(recorded.body));
    const auto item = read_config_item(config_item(read.value()), resource_of("listener"));
    ASSERT_TRUE(item.ok());
    EXPECT_EQ(item.value().values, read.value().values);
}

TEST(ConfigAnswer, HasTheNamespaceAndLanguageOfItsResource) {
    auto leaf = new_config_document(resource_of("service/auth"));
    leaf.values.push_back({"Service/Auth/Basic", "false", "GPO", false});
    EXPECT_EQ(config_item(leaf),
              "<cfg:Auth xmlns:cfg=\"http://schemas.microsoft.com/wbem/wsman/1/config/service/auth\" "
              "xml:lang=\"en-US\">"
              "<cfg:Basic Source=\"GPO\">false</cfg:Basic></cfg:Auth>");
    auto root = new_config_document(resource_of(""));
    root.values.push_back({"Service/Auth/Basic", "false", "", false});
    root.values.push_back({"Service/IPv4Filter", "*", "", false});
    root.values.push_back({"Winrs/IdleTimeout", "", "", true});
    EXPECT_EQ(config_item(root),
              "<cfg:Config xmlns:cfg=\"http://schemas.microsoft.com/wbem/wsman/1/config\" "
              "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><cfg:Service><cfg:Auth>"
              "<cfg:Basic>false</cfg:Basic></cfg:Auth><cfg:IPv4Filter>*</cfg:IPv4Filter></cfg:Service>"
              "<cfg:Winrs><cfg:IdleTimeout xsi:nil=\"true\"/></cfg:Winrs></cfg:Config>");
}

TEST(ConfigAnswer, NeverSaysAPassword) {
    auto mapping = new_config_document(resource_of("service/certmapping"));
    mapping.values.push_back({"Password", "canary", "", false});
    EXPECT_EQ(config_item(mapping).find("canary"), std::string::npos);
    const auto read = read_config_item(
        "<CertMapping xmlns=\"http://schemas.microsoft.com/wbem/wsman/1/config/service/"
        "certmapping\"><Password>canary</Password></CertMapping>",
        resource_of("service/certmapping"));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read.value().find("Password")->text, "");
}

TEST(ConfigAnswer, KeepsSettingsOfOtherVersions) {
    const auto read = read_config_item(
        "<Winrs xmlns=\"http://schemas.microsoft.com/wbem/wsman/1/config/winrs\">"
        "<Future>x</Future><More><Deep>y</Deep></More></Winrs>",
        resource_of("winrs"));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read.value().values, (std::vector<ConfigValue>{{"Winrs/Future", "x", "", false},
                                                             {"Winrs/More/Deep", "y", "", false}}));
}

TEST(ConfigAnswer, IsRefusedWhenItIsAnother) {
    const auto recorded = data_message("windows/config_get_response");
    EXPECT_FALSE(read_config_answer(recorded, action::get, resource_of("service")).ok());
    EXPECT_FALSE(read_config_answer(recorded, action::put, resource_of("")).ok());
    EXPECT_FALSE(read_config_created(recorded).ok());
    const auto fault =
        message_of(write_fault(other_id, message_id, "host", make_fault(code::policy_controlled)));
    EXPECT_EQ(read_config_answer(fault, action::put, resource_of("")).error().wsman_code,
              code::policy_controlled);
}

TEST(ConfigAnswer, IsBounded) {
    const std::string open = "<Winrs xmlns=\"http://schemas.microsoft.com/wbem/wsman/1/config/winrs\">";
    std::string deep, many;
    for (int i = 0; i < 10; ++i) deep = "<A>" + deep + "</A>";
    for (int i = 0; i < 5000; ++i) many += "<A/>";
    const std::string name(200, 'a');
    for (const auto& inside : {deep, many, "<" + name + "/>"})
        EXPECT_EQ(read_config_item(open + inside + "</Winrs>", resource_of("winrs")).error().id,
                  ErrorId::wsman_malformed);
}

TEST(ConfigItem, EveryTruncationIsRefused) {
    const auto read = read_config_answer(data_message("made/config_listener_response"), action::get,
                                         resource_of("listener"));
    const auto item = config_item(read.value());
    ASSERT_TRUE(read_config_item(item, resource_of("listener")).ok());
    for (std::size_t length = 0; length < item.size(); ++length)
        ASSERT_FALSE(read_config_item(std::string_view(item).substr(0, length), resource_of("listener")).ok())
            << length;
}

TEST(ConfigPutMessage, GoesThereAndBack) {
    const ConfigTarget target{&resource_of("listener"), http};
    ConfigDocument document;
    document.resource = target.resource;
    document.values = {{"Port", "5985", "", false}, {"Hostname", "a<b", "", false}};
    for (const auto& [verb, bytes] :
         {std::pair{action::put, write_config_put(settings(), message_id, target, document)},
          std::pair{action::create, write_config_create(settings(), message_id, target, document)}}) {
        const auto message = message_of(bytes);
        EXPECT_EQ(message.header.action, verb);
        const auto read_target = read_config_target(message);
        ASSERT_TRUE(read_target.ok());
        EXPECT_EQ(read_target.value(), target);
        const auto read = read_config_body(message, target);
        ASSERT_TRUE(read.ok()) << read.error().message();
        EXPECT_EQ(read.value().values, document.values);
    }
    EXPECT_EQ(read_config_target(message_of(write_config_get(settings(), message_id, target))).value(),
              target);
    const auto removed = message_of(write_config_delete(settings(), message_id, target));
    EXPECT_EQ(removed.header.action, action::remove);
    EXPECT_EQ(read_config_target(removed).value(), target);
}

TEST(ConfigPutMessage, CarriesThePasswordOfAMapping) {
    const ConfigTarget target{&resource_of("service/certmapping"),
                              {{"URI", "*"}, {"Subject", "u"}, {"Issuer", std::string(40, 'A')}}};
    ConfigDocument document;
    document.resource = target.resource;
    document.values = {{"UserName", "u", "", false}};
    document.password = Secret("p&w");
    const auto message = message_of(write_config_create(settings(), message_id, target, document));
    const auto read = read_config_body(message, target);
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_TRUE(read.value().password->same_as(Secret("p&w")));
}

TEST(ConfigCreated, GoesThereAndBack) {
    const ConfigTarget target{&resource_of("listener"), {{"Address", "*"}, {"Transport", "HTTPS"}}};
    const auto recorded = data_message("made/config_created_response");
    ASSERT_TRUE(read_config_created(recorded).ok());
    EXPECT_EQ(read_config_created(recorded).value(), target);
    const auto again = message_of(write_config_created(other_id, message_id, target));
    EXPECT_EQ(xml::canonical(again.body), xml::canonical(recorded.body));
}

TEST(ConfigPath, IsMadeOfNames) {
    for (const char* path : {"A", "Service/Auth/Basic"}) EXPECT_TRUE(is_config_path(path)) << path;
    for (const char* path : {"", "/A", "A/", "A//B", "a b", "a:b", "1"})
        EXPECT_FALSE(is_config_path(path)) << path;
}

}  // namespace
}  // namespace mullion::wsman
