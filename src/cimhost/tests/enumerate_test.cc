#include "cimhost/tests/things.h"
#include "wsman/cim/names.h"

namespace mullion::cimhost {
namespace {

using namespace testing;

constexpr char wmi[] = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/";
constinit const cim::ClassDef mixed = {"Test_Mixed", nullptr, base_properties, {}, true};
constinit const cim::ClassDef rotten = {"Test_Rotten", &mixed, other_properties};
constinit const cim::ClassDef sound = {"Test_Sound", &mixed, other_properties};
constinit const cim::ClassDef worse = {"Test_Worse", &mixed, other_properties};

// One that fits into no frame, between two that do.
class Huge final : public cim::Provider {
public:
    Huge() : Provider(worse) {}
    std::optional<cim::Fault> enumerate(const cim::Machine&, const cim::Question&,
                                        cim::Sink& sink) const override {
        for (const std::size_t size : {std::size_t{1}, cim::item_limit, std::size_t{1}}) {
            auto instance = make();
            instance.set("Key", std::string(size, 'x'));
            if (!sink.put(std::move(instance))) break;
        }
        return std::nullopt;
    }
};

constexpr char dmtf[] = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/";

// service-protocol: properties by alphabet, arrays repeated, null as nil, times as XML Schema's.
TEST_F(Questions, EnumeratesInstancesAsWindowsWritesThem) {
    const auto list = enumerate({target("test_thing")});
    ASSERT_TRUE(list.ended());
    ASSERT_EQ(list.items.size(), 3u);
    const auto first = read(list.items[0]);
    EXPECT_EQ(first.class_name, "Test_Thing");
    EXPECT_EQ(first.space, std::string(wmi) + "Test_Thing");
    EXPECT_EQ(first.type, "Test_Thing_Type");
    std::vector<std::string> names;
    for (const auto& property : first.properties) names.push_back(property.name);
    EXPECT_EQ(names, (std::vector<std::string>{"Born", "Count", "Delta", "Id", "Lasts", "Letter", "Name",
                                               "Names", "Numbers", "On", "Owner", "Ratio", "Size"}));
    EXPECT_EQ(text(first, "Born"), "2023-11-14T23:13:21.5+01:00");
    EXPECT_EQ(first.find("Born")->values[0].form, wire::Form::datetime);
    EXPECT_EQ(text(first, "Lasts"), "P1DT1H1M1S");
    EXPECT_EQ(first.find("Lasts")->values[0].form, wire::Form::interval);
    EXPECT_EQ(text(first, "Delta"), "-5");
    EXPECT_EQ(text(first, "Name"), "first <&>");
    EXPECT_EQ(text(first, "Names"), "x|y & z");
    EXPECT_EQ(text(first, "Numbers"), "(null)");
    EXPECT_EQ(text(first, "On"), "true");
    EXPECT_EQ(text(first, "Ratio"), "0.25");
    EXPECT_EQ(text(first, "Size"), "18446744073709551615");
    const auto& owner = first.find("Owner")->values[0].reference.front();
    EXPECT_EQ(owner.resource_uri, std::string(wmi) + "Test_Other");
    EXPECT_EQ(owner.keys, (std::vector<wire::Key>{{"Key", "k"}}));
    const auto last = read(list.items[2]);
    EXPECT_EQ(last.properties.size(), first.properties.size());
    for (const auto& property : last.properties)
        EXPECT_EQ(property.values[0].is_null(), property.name != "Id" && property.name != "Letter");
}

TEST_F(Questions, ReferencesNameWhatGetGives) {
    wire::Enumeration enumeration{target("Test_Thing")};
    enumeration.mode = wire::Mode::reference;
    const auto list = enumerate(enumeration);
    ASSERT_EQ(list.items.size(), 3u);
    EXPECT_FALSE(things_.asked.wanted.has("Name"));  // Not made for nothing.
    EXPECT_TRUE(things_.asked.wanted.has("Letter"));
    auto document = xml::Document::parse(list.items[1]);
    ASSERT_TRUE(document.ok());
    const auto reference = wire::read_reference(document->root()).value();
    EXPECT_EQ(reference.address, wsman::anonymous);
    EXPECT_EQ(reference.resource_uri, std::string(wmi) + "Test_Thing");
    EXPECT_EQ(reference.keys, (std::vector<wire::Key>{{"Id", "2"}, {"Letter", "c"}}));
    enumeration.mode = wire::Mode::object_and_reference;
    const auto both = enumerate(enumeration);
    ASSERT_EQ(both.items.size(), 3u);
    EXPECT_NE(both.items[1].find("<p:Test_Thing "), std::string::npos);
    EXPECT_NE(both.items[1].find("EndpointReference"), std::string::npos);
    EXPECT_TRUE(things_.asked.wanted.has("Name"));
}

// DSP0227 6.2: of a schema's URI the namespace is a selector, also in what it answers.
TEST_F(Questions, TakesTheUriOfASchema) {
    wire::Enumeration enumeration{schema("Test_Thing", "ROOT\\CIMV2")};
    enumeration.mode = wire::Mode::object_and_reference;
    const auto list = enumerate(enumeration);
    ASSERT_EQ(list.items.size(), 3u);
    auto document = xml::Document::parse(list.items[0]);
    const auto root = document->root();
    EXPECT_EQ(root.first().space(), std::string(dmtf) + "Test_Thing");
    const auto reference = wire::read_reference(root.first().next()).value();
    EXPECT_EQ(reference.resource_uri, std::string(dmtf) + "Test_Thing");
    EXPECT_EQ(reference.keys,
              (std::vector<wire::Key>{{"__cimnamespace", "root/cimv2"}, {"Id", "1"}, {"Letter", "b"}}));
    EXPECT_EQ(enumerate({schema("CIM_Tested", "")}).items.size(), 1u);
}

TEST_F(Questions, ShowSubclassesAsAsked) {
    wire::Enumeration enumeration{target("Test_Base")};
    const auto whole = enumerate(enumeration);
    ASSERT_TRUE(whole.ended());  // Test_Locked cannot be listed, and is left out.
    ASSERT_EQ(whole.items.size(), 4u);
    EXPECT_EQ(read(whole.items[0]).class_name, "Test_Thing");
    EXPECT_EQ(read(whole.items[3]).class_name, "Test_Other");
    EXPECT_EQ(read(whole.items[3]).space, std::string(wmi) + "Test_Other");

    enumeration.polymorphism = wire::Polymorphism::exclude;
    enumeration.mode = wire::Mode::object_and_reference;
    const auto plain = enumerate(enumeration);
    ASSERT_EQ(plain.items.size(), 4u);
    auto document = xml::Document::parse(plain.items[0]);
    const auto shown = wire::read_instance(document->root().first()).value();
    EXPECT_EQ(shown.class_name, "Test_Base");
    EXPECT_EQ(shown.type, "Test_Base_Type");
    EXPECT_EQ(shown.properties.size(), 2u);
    EXPECT_EQ(text(shown, "Name"), "first <&>");
    EXPECT_EQ(wire::read_reference(document->root().first().next()).value().resource_uri,
              std::string(wmi) + "Test_Thing");
    EXPECT_FALSE(things_.asked.wanted.has("Born"));

    enumeration.polymorphism = wire::Polymorphism::none;
    EXPECT_TRUE(enumerate(enumeration).items.empty());
    enumeration.of = target("Test_Thing");
    EXPECT_EQ(enumerate(enumeration).items.size(), 3u);
}

TEST_F(Questions, NarrowsDownBySelectors) {
    const auto by = [&](std::vector<wsman::Selector> selectors) {
        wire::Enumeration enumeration{target("Test_Thing")};
        enumeration.filter = wire::SelectorFilter{std::move(selectors)};
        return enumerate(enumeration);
    };
    EXPECT_EQ(by({{"name", "SECOND"}}).items.size(), 1u);
    EXPECT_EQ(*things_.asked.equal_to("Name"), "SECOND");
    EXPECT_EQ(by({{"Id", "002"}, {"Name", "second"}}).items.size(), 1u);
    EXPECT_EQ(*things_.asked.equal_to("Id"), "2");
    EXPECT_EQ(by({{"Id", "2"}, {"Name", "first"}}).items.size(), 0u);
    EXPECT_EQ(by({{"On", "true"}}).items.size(), 1u);
    EXPECT_EQ(by({{"On", "0"}}).items.size(), 1u);  // The third one's is null.
    for (const auto& [name, value] : {std::pair{"Nothing", "x"},
                                      {"Names", "x"},
                                      {"Born", "2023-11-14"},
                                      {"Owner", "x"},
                                      {"Id", "two"},
                                      {"On", "maybe"}}) {
        const auto failure = by({{name, value}}).failure();
        EXPECT_EQ(failure.code, wire::code::cannot_process_filter) << name;
        EXPECT_NE(failure.message.find(name), std::string::npos) << failure.message;
    }
}

// As microsoft/omi does: null arrays say so, empty ones are not there.
TEST_F(Questions, TellNullAndEmptyArraysApartWhereAsked) {
    const auto with_option = [](std::string request, std::string_view value) {
        const auto option = std::string("<w:OptionSet><w:Option Name=\"msftwinrm:UsePreciseArrays\">")
                                .append(value)
                                .append("</w:Option></w:OptionSet>");
        return request.insert(request.find("</s:Header>"), option);
    };
    const auto request = wire::write_enumeration(settings(), "uuid:1", {target("Test_Thing")});
    const auto list = ask(with_option(request, "true"));
    ASSERT_EQ(list.items.size(), 3u);
    EXPECT_EQ(list.items[0].find("Numbers"), std::string::npos);  // Empty.
    EXPECT_NE(list.items[0].find("<p:Names>x</p:Names><p:Names>y &amp; z</p:Names>"), std::string::npos);
    EXPECT_EQ(list.items[0].find("IsNullArray"), std::string::npos);
    EXPECT_NE(list.items[2].find("msftwinrm:IsNullArray=\"true\" xsi:nil=\"true\""), std::string::npos)
        << list.items[2];
    EXPECT_EQ(text(read(list.items[2]), "Names"), "(null)");
    EXPECT_EQ(text(read(list.items[2]), "Name"), "(null)");
    EXPECT_NE(list.items[2].find("<p:Name xsi:nil=\"true\"/>"), std::string::npos);
    EXPECT_EQ(ask(with_option(request, "false")).items[2].find("IsNullArray"), std::string::npos);
    EXPECT_EQ(ask(with_option(request, "maybe")).failure().code, wsman::code::invalid_option_value);
    const auto get =
        wire::write_get(settings(), "uuid:1", target("Test_Thing", {{"Id", "3"}, {"Letter", "d"}}));
    EXPECT_NE(ask(with_option(get, "1")).envelope().find("IsNullArray"), std::string::npos);
}

TEST_F(Questions, EndAtOnceWhereNobodyReads) {
    most_ = 1;
    const auto list = enumerate({target("Test_Base")});
    EXPECT_EQ(list.items.size(), 1u);
    EXPECT_TRUE(list.ended());
    EXPECT_EQ(others_.made, 0u);
}

TEST_F(Questions, ABrokenSourceIsNoEnd) {
    const auto list = enumerate({target("Test_Broken")});
    EXPECT_EQ(list.items.size(), 2u);
    EXPECT_EQ(list.failure().code, wsman::code::internal_error);
    EXPECT_EQ(list.failure().provider_code, 0x80041004u);
    EXPECT_NE(list.failure().message.find("/proc/broken"), std::string::npos);
}

// docs/cim.md: neither rows are lost nor an error.
TEST_F(Questions, AClassThatCannotBeReadKeepsNothingOfOthersBack) {
    const Others first(rotten, 2, cim::Fault{cim::Fault::Kind::unreadable, "/proc/rotten"}), second(sound, 3),
        third(worse, 1, cim::Fault{cim::Fault::Kind::too_many, "/proc/worse"});
    const cim::Registry registry({&first, &second, &third});
    const auto all_of = [&](std::size_t most) {
        const auto request = wire::write_enumeration(settings(), "uuid:1", {target("Test_Mixed")});
        const auto message = wsman::read_message(std::string_view(request), wsman::wire_limits(1 << 20));
        List list;
        list.most = most;
        answer({registry, made_.machine, "uuid:2"}, *message, list);
        return list;
    };
    const auto list = all_of(1000);
    std::string classes;
    for (const auto& item : list.items) classes += read(item).class_name + " ";
    EXPECT_EQ(classes, "Test_Rotten Test_Rotten Test_Sound Test_Sound Test_Sound Test_Worse ");
    EXPECT_EQ(list.failure().code, wsman::code::internal_error);  // The first one's.
    EXPECT_EQ(list.failure().provider_code, 0x80041004u);
    const auto& message = list.failure().message;
    EXPECT_NE(message.find("Test_Rotten: "), std::string::npos) << message;
    EXPECT_NE(message.find("/proc/rotten"), std::string::npos) << message;
    EXPECT_NE(message.find("; Test_Worse: "), std::string::npos) << message;
    // Nobody reads any more: what is known by then is still said.
    second.made = 0;
    const auto cut = all_of(3);
    EXPECT_EQ(cut.items.size(), 3u);
    EXPECT_EQ(second.made, 1u);
    EXPECT_NE(cut.failure().message.find("/proc/rotten"), std::string::npos);
}

TEST_F(Questions, AnInstanceThatIsTooLargeKeepsNoOthersBack) {
    const Huge huge;
    const Others other(sound, 1);
    const cim::Registry registry({&huge, &other});
    const auto request = wire::write_enumeration(settings(), "uuid:1", {target("Test_Mixed")});
    const auto message = wsman::read_message(std::string_view(request), wsman::wire_limits(1 << 20));
    List list;
    answer({registry, made_.machine, "uuid:2"}, *message, list);
    ASSERT_EQ(list.items.size(), 3u);
    EXPECT_EQ(read(list.items[2]).class_name, "Test_Sound");
    EXPECT_EQ(list.failure().code, wsman::code::response_too_large);
    EXPECT_NE(list.failure().message.find("Test_Worse: "), std::string::npos) << list.failure().message;
    // What the service would not take ends the conversation, so it is not sent.
    List small;
    answer({registry, made_.machine, "uuid:2", 10}, *message, small);
    EXPECT_EQ(small.items.size(), 0u);
    EXPECT_NE(small.failure().message.find("more than 10 bytes"), std::string::npos)
        << small.failure().message;
    EXPECT_NE(small.failure().message.find("Test_Sound: "), std::string::npos) << small.failure().message;
}

TEST_F(Questions, AskThisMachinesClasses) {
    made_.file("/proc/stat", "btime 1699999000\n");
    made_.file("/proc/7/stat", "7 (sh) S 1 7 7 0 -1 0 1 2 3 4 5 6 0 0 20 0 1 0 100 4096 1 0 0\n");
    made_.file("/proc/7/cmdline", std::string_view("sh\0-c\0", 6));
    const auto request = wire::write_enumeration(settings(), "uuid:1", {target("Win32_Process")});
    const auto message = wsman::read_message(std::string_view(request), wsman::wire_limits(1 << 20));
    List list;
    answer({cim::Registry::standard(), made_.machine, "uuid:2"}, *message, list);
    EXPECT_TRUE(list.ended());
    ASSERT_EQ(list.items.size(), 1u);
    EXPECT_EQ(text(read(list.items[0]), "Handle"), "7");
    EXPECT_EQ(text(read(list.items[0]), "CommandLine"), "sh -c");
}

}  // namespace
}  // namespace mullion::cimhost
