#include "cimhost/class_xml.h"

#include "cimhost/tests/things.h"
#include "wsman/cim/names.h"
#include "wsman/transfer.h"

namespace mullion::cimhost {
namespace {

using namespace testing;

constexpr char uri[] = "http://schemas.dmtf.org/wbem/cim-xml/2/cim-schema/2/*";

class Metadata : public Questions {
protected:
    // As Windows' CIM cmdlets ask.
    [[nodiscard]] std::string request(std::string_view action, std::vector<wsman::Selector> selectors,
                                      std::vector<wsman::Option> options) const {
        wsman::Transfer transfer{std::string(action), uri, std::move(selectors), std::move(options)};
        if (action == wsman::action::enumerate)
            transfer.body =
                "<n:Enumerate xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\" "
                "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><w:OptimizeEnumeration/>"
                "<w:MaxElements>32000</w:MaxElements></n:Enumerate>";
        return wsman::write_transfer(settings(), "uuid:ASK", transfer);
    }
    [[nodiscard]] static std::vector<wsman::Option> everything() {
        return {{"IncludeInheritanceHierarchy", "true"},
                {"IncludeInheritedElements", "true"},
                {"IncludeQualifiers", "true"},
                {"__MI_CallbackRegistration", "11"},
                {"msftwinrm:UsePreciseArrays", "true"}};
    }
    [[nodiscard]] std::string get(std::string_view name, std::vector<wsman::Option> options) const {
        return ask(request(wsman::action::get,
                           {{"__cimnamespace", "root\\cimv2"}, {"ClassName", std::string(name)}},
                           std::move(options)))
            .envelope();
    }
};

// The shape that microsoft/omi's tests look for (GetClass_MSFT_Animal_StandardRtti).
TEST_F(Metadata, IsAClassWithWhatItInherits) {
    const auto answer = get("test_other", everything());
    EXPECT_NE(answer.find("<CLASS NAME=\"Test_Other\" SUPERCLASS=\"Test_Base\" DERIVATION=\"Test_Base\">"),
              std::string::npos)
        << answer;
    EXPECT_NE(answer.find("<PROPERTY NAME=\"Key\" TYPE=\"string\" CLASSORIGIN=\"Test_Other\"><QUALIFIER "
                          "NAME=\"key\" TYPE=\"boolean\"><VALUE>true</VALUE></QUALIFIER>"),
              std::string::npos)
        << answer;
    EXPECT_NE(
        answer.find("<PROPERTY NAME=\"Size\" TYPE=\"uint64\" CLASSORIGIN=\"Test_Base\" PROPAGATED=\"true\">"),
        std::string::npos)
        << answer;
    auto message = wsman::read_message(answer, wsman::wire_limits(1 << 20));
    EXPECT_EQ(message->header.action, std::string(wsman::action::get) + "Response");
    EXPECT_EQ(message->body.local(), "CLASS");
    EXPECT_EQ(message->body.space(), "");
}

TEST_F(Metadata, HasEveryKindOfElement) {
    const auto xml = class_xml(thing_class, {true, true, true}, true);
    for (const auto* part :
         {"<QUALIFIER NAME=\"dynamic\" TYPE=\"boolean\">",
          "<PROPERTY.ARRAY NAME=\"Names\" TYPE=\"string\" CLASSORIGIN=\"Test_Thing\">",
          "<PROPERTY.REFERENCE NAME=\"Owner\" CLASSORIGIN=\"Test_Thing\">",
          "<QUALIFIER NAME=\"CounterType\" TYPE=\"uint32\"><VALUE>65536</VALUE></QUALIFIER>",
          "<METHOD NAME=\"Stop\" TYPE=\"uint32\" CLASSORIGIN=\"Test_Thing\">",
          "<QUALIFIER NAME=\"Static\" TYPE=\"boolean\"><VALUE>true</VALUE></QUALIFIER>",
          "<PARAMETER.ARRAY NAME=\"Words\" TYPE=\"string\"><QUALIFIER NAME=\"In\" TYPE=\"boolean\">",
          "<PARAMETER.REFERENCE NAME=\"Whose\">",
          "<PARAMETER NAME=\"Sum\" TYPE=\"uint64\"><QUALIFIER NAME=\"Out\" TYPE=\"boolean\">"})
        EXPECT_NE(xml.find(part), std::string::npos) << part << "\n" << xml;
    EXPECT_NE(class_xml(base_class, {true, true, true}, false)
                  .find("<CLASS NAME=\"Test_Base\" DERIVATION=\"\"><QUALIFIER NAME=\"abstract\" "
                        "TYPE=\"boolean\" TOSUBCLASS=\"false\">"),
              std::string::npos);
    EXPECT_NE(class_xml(only_class, {false, false, true}, true).find("NAME=\"singleton\""),
              std::string::npos);
}

TEST_F(Metadata, SaysWhatItsOptionsAskFor) {
    const auto plain = get("Test_Thing", {});
    EXPECT_EQ(plain.find("DERIVATION"), std::string::npos);
    EXPECT_EQ(plain.find("NAME=\"Size\""), std::string::npos);
    EXPECT_EQ(plain.find("QUALIFIER"), std::string::npos);
    EXPECT_NE(plain.find("NAME=\"Id\""), std::string::npos);
    EXPECT_NE(get("Test_Thing", {{"IncludeInheritedElements", "1"}}).find("NAME=\"Size\""),
              std::string::npos);
    EXPECT_EQ(
        ask(request(wsman::action::get, {{"ClassName", "Test_Thing"}}, {{"IncludeQualifiers", "perhaps"}}))
            .failure()
            .code,
        wsman::code::invalid_option_value);
}

TEST_F(Metadata, OfWhatIsNotThereIsAFault) {
    const auto failure = [&](std::vector<wsman::Selector> selectors) {
        return ask(request(wsman::action::get, std::move(selectors), everything())).failure();
    };
    EXPECT_EQ(failure({{"ClassName", "Test_None"}}).provider_code, 0x80041010u);
    EXPECT_EQ(failure({{"ClassName", "Test_None"}}).code, wsman::code::resource_not_found);
    EXPECT_EQ(failure({{"__cimnamespace", "root/none"}, {"ClassName", "Test_Thing"}}).provider_code,
              0x8004100Eu);
    EXPECT_EQ(failure({{"__cimnamespace", "root/cimv2"}}).provider_code, 0x80041010u);
    EXPECT_EQ(failure({{"ClassName", "Test_Thing"}, {"Name", "x"}}).code, wsman::code::unexpected_selectors);
    EXPECT_EQ(ask(request(wsman::action::remove, {{"ClassName", "Test_Thing"}}, {})).failure().code,
              wsman::code::action_not_supported);
}

TEST_F(Metadata, IsEnumerated) {
    const auto count = [&](std::vector<wsman::Selector> selectors) {
        const auto list = ask(request(wsman::action::enumerate, std::move(selectors), everything()));
        EXPECT_TRUE(list.ended());
        return list.items.size();
    };
    EXPECT_EQ(count({}), 7u);
    EXPECT_EQ(count({{"ClassName", "*"}}), 7u);
    EXPECT_EQ(count({{"ClassName", "Test_Base"}}), 4u);  // Itself and what stands on it.
    EXPECT_EQ(count({{"ClassName", "Test_Only"}}), 1u);
    const auto none = ask(request(wsman::action::enumerate, {{"__cimnamespace", "root/none"}}, {}));
    EXPECT_EQ(none.failure().provider_code, 0x8004100Eu);
    auto filtered = request(wsman::action::enumerate, {}, {});
    const std::string end = "<w:MaxElements>";
    filtered.insert(filtered.find(end), "<w:Filter>x</w:Filter>");
    EXPECT_EQ(ask(filtered).failure().code, wsman::code::filtering_not_supported);
}

// Every class that the service has, as text that its own reader takes.
TEST(EveryClass, HasMetadata) {
    for (const auto* definition : cim::Registry::standard().classes()) {
        const auto document = xml::Document::parse(class_xml(*definition, {true, true, true}, true));
        ASSERT_TRUE(document.ok()) << definition->name;
        EXPECT_EQ(document->root().attribute("", "NAME"), std::string(definition->name));
        std::size_t properties = 0;
        for (const auto& child : document->root().children())
            if (child.local().starts_with("PROPERTY")) ++properties;
        EXPECT_EQ(properties, cim::Shape(*definition).entries().size());
    }
}

}  // namespace
}  // namespace mullion::cimhost
