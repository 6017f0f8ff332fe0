#include "cimhost/fragment.h"
#include "cimhost/tests/things.h"
#include "wsman/cim/names.h"

namespace mullion::cimhost {
namespace {

using namespace testing;

std::string with_fragment(std::string request, std::string_view path, std::string_view dialect = {}) {
    std::string header = "<w:FragmentTransfer s:mustUnderstand=\"true\"";
    if (!dialect.empty()) header.append(" Dialect=\"").append(dialect).append("\"");
    header.append(">").append(path).append("</w:FragmentTransfer>");
    return request.insert(request.find("</s:Header>"), header);
}

TEST_F(Questions, GetGivesTheInstance) {
    const auto list =
        ask(wire::write_get(settings(), "uuid:ASK", target("TEST_THING", {{"id", "2"}, {"Letter", "C"}})));
    auto message = wsman::read_message(list.envelope(), wsman::wire_limits(1 << 20));
    ASSERT_TRUE(message.ok());
    EXPECT_EQ(message->header.message_id, "uuid:ANSWER");
    EXPECT_EQ(message->header.relates_to, "uuid:ASK");
    const auto instance = wire::read_object_response(*message, wsman::action::get).value();
    EXPECT_EQ(instance.class_name, "Test_Thing");
    EXPECT_EQ(text(instance, "Name"), "Second");
    // A singleton has no keys; DMTF's URI names any class with its namespace.
    EXPECT_NE(ask(wire::write_get(settings(), "uuid:1", target("Test_Only"))).envelope().find("alone"),
              std::string::npos);
    EXPECT_NE(ask(wire::write_get(settings(), "uuid:1", schema("Test_Other", "root/cimv2", {{"Key", "k"}})))
                  .envelope()
                  .find("cim-schema/2/Test_Other"),
              std::string::npos);
    // Of an abstract class, the instance of whichever subclass has such keys.
    EXPECT_NE(ask(wire::write_get(settings(), "uuid:1", target("Test_Base", {{"Id", "1"}, {"Letter", "b"}})))
                  .envelope()
                  .find("<p:Test_Thing "),
              std::string::npos);
}

TEST_F(Questions, GetOfNothingIsAFault) {
    const auto failure = [&](const wire::Target& of) {
        return ask(wire::write_get(settings(), "uuid:1", of)).failure();
    };
    EXPECT_EQ(failure(target("Test_Other")).code, 0x803380FAu);
    EXPECT_EQ(failure(target("Test_Thing", {{"Id", "1"}})).code, wsman::code::insufficient_selectors);
    EXPECT_EQ(failure(target("Test_Other", {{"Key", "k"}, {"Name", "x"}})).code,
              wsman::code::unexpected_selectors);
    EXPECT_EQ(failure(target("Test_Only", {{"Caption", "x"}})).code, wsman::code::unexpected_selectors);
    EXPECT_EQ(failure(target("*")).code, wsman::code::resource_not_found);
    EXPECT_EQ(failure(target("Test_Base")).code, 0x803380FAu);
    const auto none = failure(target("Test_Other", {{"Key", "nobody"}}));
    EXPECT_EQ(none.code, wsman::code::resource_not_found);
    EXPECT_EQ(none.provider_code, 0x80041002u);
    EXPECT_NE(none.message.find("Test_Other.Key=\"nobody\""), std::string::npos) << none.message;
    EXPECT_EQ(failure(target("Test_Broken", {{"Key", "nobody"}})).provider_code, 0x80041004u);
}

// Our classes are read-only; what is wrong with the request is said first.
TEST_F(Questions, NothingIsPutCreatedOrDeleted) {
    const auto of = target("Test_Other", {{"Key", "k"}});
    wire::Instance instance{"Test_Other", wire::format_class_uri(of.of), "", {}};
    instance.set("Key", wire::Value(wire::Scalar(std::string_view("k"))));
    const std::string requests[] = {wire::write_put(settings(), "uuid:1", of, instance).value(),
                                    wire::write_create(settings(), "uuid:1", of, instance).value(),
                                    wire::write_delete(settings(), "uuid:1", of)};
    for (const auto& request : requests) {
        const auto failure = ask(request).failure();
        EXPECT_EQ(failure.code, 0x80338102u);
        EXPECT_EQ(failure.provider_code, 0x80041024u);
    }
    const auto code_of = [&](const std::string& request) { return ask(request).failure().code; };
    EXPECT_EQ(code_of(wire::write_delete(settings(), "uuid:1", target("Test_Other"))), 0x803380FAu);
    EXPECT_EQ(code_of(wire::write_delete(settings(), "uuid:1", target("Test_None"))),
              wsman::code::resource_not_found);
    instance.space = wire::format_class_uri(target("Test_Only").of);
    EXPECT_EQ(code_of(wire::write_put(settings(), "uuid:1", of, instance).value()),
              wire::code::invalid_namespace);
}

TEST_F(Questions, GetGivesAFragment) {
    const auto plain =
        wire::write_get(settings(), "uuid:1", target("Test_Thing", {{"Id", "1"}, {"Letter", "b"}}));
    const auto body_of = [&](std::string_view path) {
        auto message =
            wsman::read_message(ask(with_fragment(plain, path)).envelope(), wsman::wire_limits(1 << 20));
        EXPECT_TRUE(message.ok());
        EXPECT_EQ(message->header.fragment, path);
        EXPECT_TRUE(message->body.is(wsman::ns::wsman, "XmlFragment"));
        return message->body.to_xml();
    };
    EXPECT_NE(body_of("name").find("<Name>first &lt;&amp;&gt;</Name>"), std::string::npos);
    EXPECT_TRUE(things_.asked.wanted.has("Name"));
    EXPECT_FALSE(things_.asked.wanted.has("Size"));
    EXPECT_NE(body_of("Names").find("<Names>x</Names><Names>y &amp; z</Names>"), std::string::npos);
    EXPECT_EQ(body_of("Names[2]").find("<Names>x"), std::string::npos);
    EXPECT_NE(body_of("Names[2]/text()").find(">y &amp; z</"), std::string::npos);
    const auto code_of = [&](std::string_view path, std::string_view dialect = {}) {
        return ask(with_fragment(plain, path, dialect)).failure().code;
    };
    for (const auto* path : {"/Name", "Nothing", "Names[3]", "Names[0]", "Names[x]", "Name[1]", "", "a b"})
        EXPECT_EQ(code_of(path), 0x80338093u) << path;
    EXPECT_EQ(code_of("Name", "urn:xquery"), 0x80338090u);
}

TEST(Fragments, OfEveryTruncationAreOthersOrRefused) {
    constexpr std::string_view path = "Names[12]/text()";
    for (std::size_t size = 0; size < path.size(); ++size) {
        const auto read = parse_fragment(path.substr(0, size), {});
        const auto* fragment = std::get_if<Fragment>(&read);
        EXPECT_TRUE(fragment == nullptr || !fragment->text) << size;
    }
    EXPECT_EQ(std::get<Fragment>(parse_fragment(path, {})), (Fragment{"Names", 12, true}));
}

}  // namespace
}  // namespace mullion::cimhost
