// Classes whose keys are references, as those of associations are.
#include "cimhost/tests/things.h"
#include "wsman/cim/names.h"

namespace mullion::cimhost {
namespace {

using namespace testing;

constexpr cim::PropertyDef link_properties[] = {
    {"Left", reference, true}, {"Right", reference, true}, {"Note", string}};
constinit const cim::ClassDef link_base = {"Test_Join", nullptr, {}, {}, true};
constinit const cim::ClassDef link_class = {"Test_Link", &link_base, link_properties};

class Links final : public cim::Provider {
public:
    Links() : Provider(link_class) {}
    std::optional<cim::Fault> enumerate(const cim::Machine&, const cim::Question&,
                                        cim::Sink& sink) const override {
        for (const char* note : {"a", "b"}) {
            auto instance = make();
            instance.set("Left", cim::Reference{"Test_Thing", {{"Id", "1"}, {"Letter", note}}})
                .set("Right", cim::Reference{"Test_Link", {{"Left", "Test_Other.Key=\"k\""}}})
                .set("Note", note);
            if (!sink.put(std::move(instance))) break;
        }
        return std::nullopt;
    }
};

class ReferenceKeys : public Questions {
protected:
    [[nodiscard]] List ask_links(const std::string& request) const {
        const cim::Registry registry({&links_, &things_});
        const auto message = wsman::read_message(std::string_view(request), wsman::wire_limits(1 << 20));
        if (!message) throw std::runtime_error(message.error().message());
        List list;
        answer({registry, made_.machine, "uuid:ANSWER"}, *message, list);
        return list;
    }
    [[nodiscard]] List get(std::vector<wire::Key> keys, std::string_view of = "Test_Link") const {
        return ask_links(wire::write_get(settings(), "uuid:1", target(of, std::move(keys))));
    }
    [[nodiscard]] static std::string uri(std::string_view class_name, std::string_view space = "root/cimv2") {
        return std::string(wire::wmi_prefix).append(space).append("/").append(class_name);
    }
    // Keys in another order and case than the provider's: they name the same object.
    [[nodiscard]] static wire::Reference left(const std::string& letter,
                                              const std::string& space = "ROOT/cimv2") {
        return {"", uri("TEST_thing", space), {{"letter", letter}, {"Id", "1"}}};
    }
    [[nodiscard]] static wire::Reference right() {
        const wire::Reference inner{"", uri("Test_Other"), {{"Key", "k"}}};
        return {std::string(wsman::anonymous), uri("Test_Link"), {{"Left", "", {inner}}}};
    }
    Links links_;
};

TEST_F(ReferenceKeys, NameTheObject) {
    const auto found = get({{"left", "", {left("b")}}, {"Right", "", {right()}}});
    EXPECT_NE(found.envelope().find("<p:Note>b</p:Note>"), std::string::npos);
    const auto of_base = get({{"Left", "", {left("a")}}, {"Right", "", {right()}}}, "Test_Join");
    EXPECT_NE(of_base.envelope().find("<p:Note>a</p:Note>"), std::string::npos);
    const auto none = get({{"Left", "", {left("c")}}, {"Right", "", {right()}}}).failure();
    EXPECT_EQ(none.code, wsman::code::resource_not_found);
    EXPECT_EQ(none.provider_code, 0x80041002u);
    EXPECT_NE(none.message.find("TEST_thing.Id="), std::string::npos) << none.message;
}

// What EnumerateEPR gives is what Get takes.
TEST_F(ReferenceKeys, GoOutAsReferencesAndComeBack) {
    wire::Enumeration enumeration{target("Test_Link")};
    enumeration.mode = wire::Mode::reference;
    const auto list = ask_links(wire::write_enumeration(settings(), "uuid:1", enumeration));
    ASSERT_EQ(list.items.size(), 2u);
    auto document = xml::Document::parse(list.items[1]);
    ASSERT_TRUE(document.ok());
    auto reference = wire::read_reference(document->root()).value();
    ASSERT_EQ(reference.keys.size(), 2u);
    ASSERT_EQ(reference.keys[0].reference.size(), 1u);
    EXPECT_EQ(reference.keys[0].reference[0].resource_uri, uri("Test_Thing"));
    EXPECT_NE(get(std::move(reference.keys)).envelope().find("<p:Note>b</p:Note>"), std::string::npos);
}

// `winrm get` has no other way to say it.
TEST_F(ReferenceKeys, MayBeThePathOfAnObject) {
    const std::string inner = R"(Test_Link.Left="Test_Other.Key=\"k\"")";
    const auto found = get({{"Left", R"(root\cimv2:test_thing.Letter="B",Id=1)"}, {"Right", inner}});
    EXPECT_NE(found.envelope().find("<p:Note>b</p:Note>"), std::string::npos);
    for (const char* wrong : {"", "b", "Test_Thing", "Test_Thing=1", "Test_Thing.Id="})
        EXPECT_EQ(get({{"Left", wrong}, {"Right", inner}}).failure().code, wire::code::selector_type)
            << wrong;
    EXPECT_EQ(get({{"Left", R"(root/other:Test_Thing.Id="1")"}, {"Right", inner}}).failure().provider_code,
              0x80041002u);
}

TEST_F(ReferenceKeys, ThatCannotBeMeantAreRefused) {
    const auto failure = [&](wire::Reference reference) {
        return get({{"Left", "", {std::move(reference)}}, {"Right", "", {right()}}}).failure();
    };
    EXPECT_EQ(failure({"", "http://example.org/x", {}}).code, wire::code::invalid_selector_value);
    EXPECT_EQ(failure({"", uri("*"), {}}).code, wire::code::invalid_selector_value);
    EXPECT_EQ(failure(left("b", "root/other")).provider_code, 0x80041002u);
    wire::Reference outside = left("b");
    outside.keys.push_back({"Deep", "", {left("b", "root/other")}});
    EXPECT_EQ(failure(outside).provider_code, 0x80041002u);
    // A key that is text, and one that there is not.
    EXPECT_EQ(get({{"Id", "", {left("b")}}, {"Letter", "b"}}, "Test_Thing").failure().code,
              wire::code::selector_type);
    EXPECT_EQ(get({{"Left", "", {left("b")}}}).failure().code, wsman::code::insufficient_selectors);
    EXPECT_EQ(get({{"Up", "", {left("b")}}}).failure().code, wsman::code::unexpected_selectors);
}

TEST_F(ReferenceKeys, OfAFiltersObject) {
    wire::AssociationFilter filter;
    filter.object = {"", uri("Test_Link"), {{"Left", "", {left("b")}}, {"Right", "", {right()}}}};
    wire::Enumeration enumeration{target("*")};
    enumeration.filter = filter;
    const auto list = ask_links(wire::write_enumeration(settings(), "uuid:1", enumeration));
    EXPECT_TRUE(list.ended());
    EXPECT_TRUE(list.items.empty());
    filter.object.keys[0].reference[0].keys[0].value = "z";
    enumeration.filter = filter;
    const auto none = ask_links(wire::write_enumeration(settings(), "uuid:1", enumeration)).failure();
    EXPECT_EQ(none.provider_code, 0x80041002u);
}

}  // namespace
}  // namespace mullion::cimhost
