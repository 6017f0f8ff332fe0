#include "wsman/cim/instance.h"

#include <array>

#include "wsman/cim/instance_writer.h"
#include "wsman/cim/names.h"
#include "wsman/enumeration.h"
#include "wsman/tests/data.h"

namespace mullion::wsman::cim {
namespace {

using testing::data_message;

constexpr char sample_uri[] = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Sample";

xml::Document parsed(const std::string& text) {
    auto document = xml::Document::parse(text, wire_limits(4 * 1024 * 1024));
    if (!document) throw std::runtime_error(document.error().message());
    return std::move(document).value();
}

Instance instance_of(const std::string& text) {
    const auto document = parsed(text);
    auto instance = read_instance(document.root());
    if (!instance) throw std::runtime_error(instance.error().message());
    return std::move(instance).value();
}

// The meaning of XML, prefixes inside xsi:type aside.
std::string meaning(const xml::Element& element) {
    auto text = xml::canonical(element);
    for (const std::string prefix : {"p:", "q:", "r:", "p1:", "p2:"})
        for (auto at = text.find("\"" + prefix); at != std::string::npos; at = text.find("\"" + prefix))
            text.erase(at + 1, prefix.size());
    return text;
}

std::string meaning(const std::string& text) {
    return meaning(parsed(text).root());
}

// Of Windows 2003 to 2012 (zenoss/txwinrm's recordings): in a fragment nothing has a namespace, times
// neither.
TEST(CimInstance, TimesOfFragmentsHaveNoNamespace) {
    const auto row = instance_of(
        "<w:XmlFragment xmlns:w=\"" + std::string(ns::wsman) + "\" xmlns:xsi=\"" + std::string(xsi_space) +
        "\"><Booted><Datetime>2026-01-02T03:04:05.5Z</Datetime></Booted><Up><Interval>P1DT2H</Interval></Up>"
        "<Installed xsi:nil=\"true\"/><Inner><Date>1</Date></Inner><Other><Datetime>1</Datetime><x/></Other>"
        "</w:XmlFragment>");
    EXPECT_EQ(row.find("Booted")->values.front().form, Form::datetime);
    EXPECT_EQ(unix_microseconds(std::get<Moment>(row.get("Booted", Type::datetime).value())),
              1'767'323'045'500'000);
    EXPECT_EQ(row.find("Up")->values.front().form, Form::interval);
    EXPECT_TRUE(row.find("Installed")->values.front().is_null());
    EXPECT_EQ(row.find("Inner")->values.front().form, Form::instance);
    EXPECT_EQ(row.find("Other")->values.front().form, Form::instance);
}

TEST(CimInstance, RecordingsAreReadWithoutLossAndWrittenAgain) {
    std::size_t count = 0;
    for (const char* name :
         {"get-response", "optimized-enum-response", "optimized-enum-response-with-fragments-1",
          "optimized-enum-response-with-fragments-2", "pull-response", "recursive-pull-response-1",
          "recursive-pull-response-2"}) {
        const auto message = data_message(std::string("opennms/") + name);
        std::vector<xml::Element> items;
        if (message.header.action.ends_with("GetResponse")) {
            items.push_back(message.body);
        } else {
            auto list = message.body.first(ns::wsman, "Items");
            if (!list) list = message.body.first(ns::enumeration, "Items");
            items = list.children();
        }
        for (const auto& item : items) {
            const auto instance = read_instance(item);
            ASSERT_TRUE(instance.ok()) << name;
            const auto written = instance_item(instance.value());
            ASSERT_TRUE(written.ok()) << name;
            EXPECT_EQ(meaning(written.value()), meaning(item)) << name;
            EXPECT_EQ(instance_of(written.value()), instance.value()) << name;
            ++count;
        }
    }
    EXPECT_EQ(count, 9U);
}

TEST(CimInstance, HasTheValuesOfTheRecordings) {
    const auto message = data_message("opennms/get-response");
    const auto instance = read_instance(message.body).value();
    EXPECT_EQ(instance.class_name, "DCIM_ComputerSystem");
    EXPECT_EQ(instance.space, "http://schemas.dell.com/wbem/wscim/1/cim-schema/2/DCIM_ComputerSystem");
    EXPECT_EQ(instance.find("Caption")->values, std::vector<Value>(1));
    EXPECT_EQ(instance.find("IdentifyingDescriptions")->values.size(), 3U);
    EXPECT_EQ(std::get<std::uint64_t>(instance.get("HealthState", Type::uint16).value()), 5U);
    EXPECT_FALSE(instance.get("Name", Type::uint16));
    EXPECT_FALSE(instance.get("Caption", Type::string));
    EXPECT_FALSE(instance.get("Absent", Type::string));
    const auto reference = reference_to(instance, std::array<std::string, 2>{"CreationClassName", "name"});
    ASSERT_TRUE(reference.ok());
    EXPECT_EQ(reference.value().keys, (std::vector<Key>{{"CreationClassName", "DCIM_ComputerSystem", {}},
                                                        {"Name", "srv:system", {}}}));
    for (const std::string key : {"Absent", "Caption", "OperationalStatus"})
        EXPECT_FALSE(reference_to(instance, std::array{key}).ok()) << key;
}

TEST(CimInstance, EveryFormIsReadAndWritten) {
    const auto message = data_message("made/cim_get_response");
    const auto text = message.body.to_xml();
    const auto instance = instance_of(text);
    EXPECT_EQ(instance.type, "Win32_Sample_Type");
    const std::array<std::pair<const char*, Form>, 18> forms{{
        {"Antecedent", Form::reference},
        {"Boolean", Form::text},
        {"Char", Form::text},
        {"Date", Form::date},
        {"DateAndTime", Form::date_time},
        {"Dmtf", Form::dmtf},
        {"Empty", Form::text},
        {"InstallDate", Form::datetime},
        {"Nothing", Form::null},
        {"NoTime", Form::null},
        {"Plain", Form::text},
        {"Real", Form::text},
        {"Span", Form::interval},
        {"Spaces", Form::text},
        {"TimeOfDay", Form::time},
        {"Wide", Form::text},
        {"Within", Form::instance},
        {"IPAddress", Form::text},
    }};
    for (const auto& [name, form] : forms) {
        ASSERT_NE(instance.find(name), nullptr) << name;
        EXPECT_EQ(instance.find(name)->values.front().form, form) << name;
    }
    EXPECT_EQ(instance.properties.size(), forms.size());
    ASSERT_EQ(instance.find("IPAddress")->values.size(), 3U);
    EXPECT_TRUE(instance.find("IPAddress")->values[2].is_null());
    EXPECT_EQ(std::get<std::string_view>(instance.get("Spaces", Type::string).value()),
              "  kept & <escaped>  ");
    EXPECT_EQ(std::get<std::string_view>(instance.get("Empty", Type::string).value()), "");
    const auto unix_of = [&](const char* name) {
        return unix_microseconds(std::get<Moment>(instance.get(name, Type::datetime).value())).value();
    };
    EXPECT_EQ(unix_of("DateAndTime"), unix_of("InstallDate"));
    EXPECT_EQ(unix_of("InstallDate") - unix_of("Dmtf"), 3'600'000'000);
    EXPECT_EQ(unix_of("Plain") - unix_of("InstallDate"), 330 * 60'000'000LL + 500'000);
    const auto& antecedent = instance.find("Antecedent")->values.front().reference.front();
    EXPECT_EQ(antecedent.keys.at(1).reference.front().resource_uri,
              "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_ComputerSystem");
    const auto& inner = instance.find("Within")->values.front().instance.front();
    EXPECT_EQ(inner.class_name, "Win32_Inner");
    EXPECT_EQ(inner.find("Deeper")->values.front().instance.front().class_name, "Win32_Innermost");

    const auto written = instance_item(instance);
    ASSERT_TRUE(written.ok());
    EXPECT_EQ(instance_of(written.value()), instance);
    // A time that is null is written as the property's null.
    auto expected = text;
    const std::string nil = "<p:NoTime><cim:Datetime xsi:nil=\"true\"/></p:NoTime>";
    expected.replace(expected.find(nil), nil.size(), "<p:NoTime xsi:nil=\"true\"/>");
    EXPECT_EQ(meaning(written.value()), meaning(expected));
}

TEST(CimInstance, TypedValuesAreWrittenAsWindowsDoes) {
    Instance instance{"Win32_Sample", sample_uri, "Win32_Sample_Type", {}};
    instance.set("Wide", Value(Scalar(std::uint64_t{18'446'744'073'709'551'615U})))
        .set("Small", Value(Scalar(std::int64_t{-5})))
        .set("flag", Value(Scalar(true)))
        .set("Nothing", Value())
        .set("Text", Value(Scalar(std::string_view("a<b"))))
        .set("When", Value(Scalar(parse_moment("20260101120000.000000+060").value())))
        .set("Day", Value(Scalar(parse_moment("2026-01-01").value())))
        .set("Hour", Value(Scalar(parse_moment("2026010112****.******+***").value())))
        .set("Span", Value(Scalar(Interval{5'000'000})))
        .set("None", std::vector<Value>{})
        .set("Owner", Value(Reference{std::string(anonymous), sample_uri, {{"Id", "1", {}}}}))
        .set("WIDE", Value(Scalar(std::uint64_t{1})));
    sort_properties(instance);
    const auto written = instance_item(instance);
    ASSERT_TRUE(written.ok());
    EXPECT_EQ(
        written.value(),
        std::string("<p:Win32_Sample xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:p=\"") +
            sample_uri +
            "\" xmlns:cim=\"http://schemas.dmtf.org/wbem/wscim/1/common\" xsi:type=\"p:Win32_Sample_Type\">"
            "<p:Day><cim:Date>2026-01-01</cim:Date></p:Day><p:flag>true</p:flag>"
            "<p:Hour><cim:CIM_DateTime>2026010112****.******+***</cim:CIM_DateTime></p:Hour>"
            "<p:None xsi:nil=\"true\"/><p:Nothing xsi:nil=\"true\"/>"
            "<p:Owner xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
            "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"><a:Address>"
            "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address>"
            "<a:ReferenceParameters><w:ResourceURI>" +
            sample_uri +
            "</w:ResourceURI><w:SelectorSet><w:Selector Name=\"Id\">1</w:Selector></w:SelectorSet>"
            "</a:ReferenceParameters></p:Owner><p:Small>-5</p:Small>"
            "<p:Span><cim:Interval>P0DT0H0M5S</cim:Interval></p:Span><p:Text>a&lt;b</p:Text>"
            "<p:When><cim:Datetime>2026-01-01T12:00:00+01:00</cim:Datetime></p:When>"
            "<p:Wide>1</p:Wide></p:Win32_Sample>");
}

TEST(CimInstance, NamesThatAreNoneAreRefused) {
    for (const char* name : {"", "a b", "a:b", "1", "<x"}) {
        Instance instance{"Win32_Sample", sample_uri, "", {{"Good", {Value()}}}};
        auto wrong = instance;
        wrong.class_name = name;
        if (*name != '\0') {
            EXPECT_FALSE(instance_item(wrong).ok()) << name;
        }
        wrong = instance;
        wrong.properties[0].name = name;
        EXPECT_FALSE(instance_item(wrong).ok()) << name;
        wrong = instance;
        wrong.type = name;
        if (*name != '\0') {
            EXPECT_FALSE(instance_item(wrong).ok()) << name;
        }
        Instance inner;
        inner.type = name;
        wrong = instance;
        wrong.properties[0].values = {Value(inner)};
        if (*name != '\0') {
            EXPECT_FALSE(instance_item(wrong).ok()) << name;
        }
    }
}

TEST(CimInstance, IsReadWithinLimits) {
    const auto refused = [](const std::string& text, const InstanceLimits& limits) {
        const auto instance = read_instance(parsed(text).root(), limits);
        return !instance.ok() && instance.error().id == ErrorId::wsman_malformed;
    };
    EXPECT_TRUE(refused("<a><b/><c/></a>", {.properties = 1}));
    EXPECT_FALSE(refused("<a><b/><b/></a>", {.properties = 1}));
    EXPECT_TRUE(refused("<a><b/><b/><b/></a>", {.values = 2}));
    EXPECT_TRUE(refused("<a><b><c><d/></c></b></a>", {.depth = 2}));
    EXPECT_FALSE(refused("<a><b><c><d/></c></b></a>", {.depth = 3}));
    EXPECT_FALSE(read_instance(xml::Element()).ok());
    // The values of one name belong together, wherever they stand.
    const auto scattered = instance_of("<a><b>1</b><c>2</c><b>3</b></a>");
    EXPECT_EQ(scattered.properties.size(), 2U);
    EXPECT_EQ(scattered.find("b")->values.size(), 2U);
}

TEST(CimReference, IsRefusedWhenItIsNone) {
    const auto wrong = [](const std::string& inside) {
        const auto document = parsed("<p:R xmlns:p=\"urn:p\" xmlns:a=\"" + std::string(ns::addressing) +
                                     "\" xmlns:w=\"" + std::string(ns::wsman) + "\">" + inside + "</p:R>");
        const auto reference = read_reference(document.root());
        return !reference.ok() && reference.error().id == ErrorId::wsman_malformed;
    };
    const std::string uri = "<w:ResourceURI>urn:x</w:ResourceURI>";
    const auto parameters = [](const std::string& inside) {
        return "<a:ReferenceParameters>" + inside + "</a:ReferenceParameters>";
    };
    EXPECT_FALSE(wrong(parameters(uri)));
    EXPECT_FALSE(wrong("<a:EndpointReference>" + parameters(uri) + "</a:EndpointReference>"));
    EXPECT_TRUE(wrong(""));
    EXPECT_TRUE(wrong("<a:Address>x</a:Address>"));
    EXPECT_TRUE(wrong(parameters("<w:ResourceURI/>")));
    EXPECT_TRUE(wrong(parameters(uri + "<w:SelectorSet><w:Selector>1</w:Selector></w:SelectorSet>")));
    EXPECT_TRUE(wrong(parameters(uri + "<w:SelectorSet><w:Selector Name=\"A\">1</w:Selector>"
                                       "<w:Selector Name=\"a\">2</w:Selector></w:SelectorSet>")));
    EXPECT_TRUE(wrong(parameters(uri + "<w:SelectorSet><w:Selector Name=\"A\"><w:Selector/></w:Selector>"
                                       "</w:SelectorSet>")));
    std::string deep = parameters(uri);
    for (int i = 0; i < 9; ++i)
        deep = parameters(uri + "<w:SelectorSet><w:Selector Name=\"A\"><a:EndpointReference>" + deep +
                          "</a:EndpointReference></w:Selector></w:SelectorSet>");
    EXPECT_TRUE(wrong(deep));
    std::string many;
    for (int i = 0; i < 257; ++i) many += "<w:Selector Name=\"K" + std::to_string(i) + "\"/>";
    EXPECT_TRUE(wrong(parameters(uri + "<w:SelectorSet>" + many + "</w:SelectorSet>")));
}

TEST(CimReference, StandsOnItsOwn) {
    const Reference reference{"", "urn:x", {{"Name", "a&b", {}}, {"Of", "", {Reference{"", "urn:y", {}}}}}};
    EXPECT_EQ(read_reference(parsed(reference_item(reference)).root()).value(), reference);
}

TEST(InstanceReader, HandsOutViewsOfTheDocument) {
    const auto document = parsed(
        "<a><Long>a text that is longer than what a short string holds</Long><Parted>one<![CDATA[ & "
        "]]>two</Parted>"
        "</a>");
    InstanceReader reader(document.root());
    PropertyView view;
    ASSERT_TRUE(reader.next(view));
    EXPECT_EQ(view.text.data(), document.root().first().text_view()->data());
    ASSERT_TRUE(reader.next(view));
    EXPECT_EQ(view.text, "one & two");
    EXPECT_FALSE(reader.next(view));
    EXPECT_FALSE(reader.next(view));
    EXPECT_FALSE(reader.is_fragment());
}

}  // namespace
}  // namespace mullion::wsman::cim
