#include "cimhost/tests/things.h"

namespace mullion::cimhost {
namespace {

using namespace testing;

wire::Value text_value(std::string_view value) {
    return wire::Value(wire::Scalar(value));
}

wire::Method add_of(wire::Target of) {
    wire::Method method{std::move(of), "add", {}};
    method.arguments.set("left", text_value("7"))
        .set("Words", std::vector{text_value("a"), text_value("b")})
        .set("When", text_value("20231114221320.500000+000"))
        .set("Whose",
             wire::Value(wire::Reference{
                 "", "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Test_Other", {{"Key", "k"}}}));
    return method;
}

class Calls : public Questions {
protected:
    [[nodiscard]] List call(const wire::Method& method) const {
        return ask(wire::write_method(settings(), "uuid:ASK", method).value());
    }
};

TEST_F(Calls, OfAClassHaveArgumentsAndOutputs) {
    const auto method = add_of(target("Test_Thing"));
    auto message = wsman::read_message(call(method).envelope(), wsman::wire_limits(1 << 20));
    ASSERT_TRUE(message.ok());
    EXPECT_EQ(message->header.relates_to, "uuid:ASK");
    const auto result = wire::read_method_response(*message, method.of, "add").value();
    EXPECT_EQ(result.return_value.text, "0");
    EXPECT_EQ(text(result.outputs, "Sum"), "42");
    EXPECT_EQ(text(result.outputs, "Again"), "x|y");
    const auto& given = things_.called;
    ASSERT_EQ(given.size(), 4u);
    EXPECT_EQ(given[0], (std::pair<std::string, cim::Value>{"Left", cim::Scalar(std::uint64_t{7})}));
    EXPECT_EQ(given[1].second, cim::Value(cim::texts({"a", "b"})));
    EXPECT_EQ(given[2].second, cim::Value(cim::Scalar(cim::Moment{born, 0})));
    EXPECT_EQ(given[3].second, cim::Value(cim::Scalar(cim::Reference{"Test_Other", {{"Key", "k"}}})));
    EXPECT_TRUE(things_.keys.empty());
}

TEST_F(Calls, OfAnInstanceHaveItsKeys) {
    const wire::Method stop{target("Test_Thing", {{"Id", "1"}, {"Letter", "b"}}), "Stop", {}};
    auto message = wsman::read_message(call(stop).envelope(), wsman::wire_limits(1 << 20));
    EXPECT_EQ(wire::read_method_response(*message, stop.of, "Stop")->return_value.text, "7");
    EXPECT_EQ(things_.keys, (cim::Keys{{"Id", "1"}, {"Letter", "b"}}));
    // Of a base class the subclass that the instance is of has the method.
    auto base = stop;
    base.of.of.class_name = "Test_Base";
    EXPECT_NE(call(base).envelope().find("<p:ReturnValue>7<"), std::string::npos);
    // A null is no value, and what is not given is not there.
    auto plain = add_of(target("Test_Thing"));
    plain.arguments.properties.clear();
    plain.arguments.set("Left", wire::Value());
    (void)call(plain);
    ASSERT_EQ(things_.called.size(), 1u);
    EXPECT_EQ(things_.called[0].second, cim::Value());
}

TEST_F(Calls, ThatAreWrongHaveTheirFault) {
    const auto keys = std::vector<wire::Key>{{"Id", "1"}, {"Letter", "b"}};
    const auto failure = [&](wire::Target of, std::string name, std::string argument = {},
                             std::vector<wire::Value> values = {}) {
        wire::Method method{std::move(of), std::move(name), {}};
        if (!argument.empty()) method.arguments.set(argument, std::move(values));
        things_.called.clear();
        const auto answer = call(method).failure();
        EXPECT_TRUE(things_.called.empty());
        return answer;
    };
    const auto thing = target("Test_Thing");
    EXPECT_EQ(failure(thing, "Fly").code, wsman::code::action_not_supported);
    EXPECT_EQ(failure(thing, "Fly").provider_code, 0x8004102Eu);
    EXPECT_EQ(failure(target("Test_Only"), "Stop").provider_code, 0x8004102Eu);
    EXPECT_EQ(failure(target("Test_None"), "Stop").provider_code, 0x80041010u);
    EXPECT_EQ(failure(thing, "Stop").code, 0x803380FAu);
    EXPECT_EQ(failure(target("Test_Thing", keys), "Add").code, wsman::code::unexpected_selectors);
    EXPECT_EQ(failure(target("Test_Thing", {{"Id", "9"}, {"Letter", "b"}}), "Stop").code,
              wsman::code::resource_not_found);
    EXPECT_EQ(failure(target("Test_Thing", {{"Id", "2"}, {"Letter", "c"}}), "Stop").provider_code,
              0x80041004u);
    EXPECT_EQ(failure(thing, "Add", "Middle", {text_value("1")}).code, 0x80338055u);
    EXPECT_EQ(failure(thing, "Add", "Sum", {text_value("1")}).code, 0x80338055u);  // That one goes out.
    EXPECT_EQ(failure(thing, "Add", "Left", {text_value("-1")}).code, 0x80338054u);
    EXPECT_EQ(failure(thing, "Add", "Left", {text_value("4294967296")}).code, 0x80338054u);
    EXPECT_EQ(failure(thing, "Add", "Left", {text_value("1"), text_value("2")}).code, 0x80338054u);
    EXPECT_EQ(failure(thing, "Add", "When", {text_value("today")}).code, 0x80338054u);
    EXPECT_EQ(failure(thing, "Add", "Whose", {text_value("me")}).code, 0x80338054u);
    EXPECT_EQ(failure(thing, "Add", "Words", {text_value("a"), wire::Value()}).code, 0x80338054u);
    EXPECT_NE(failure(thing, "Add", "Words", {text_value("a"), wire::Value()}).message.find("string[]"),
              std::string::npos);
}

}  // namespace
}  // namespace mullion::cimhost
