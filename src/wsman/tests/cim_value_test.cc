#include "wsman/cim/value.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "wsman/cim/class_uri.h"
#include "wsman/cim/instance.h"
#include "wsman/cim/names.h"
#include "wsman/cim/operations.h"
#include "wsman/fault.h"
#include "wsman/tests/data.h"

namespace mullion::wsman::cim {
namespace {

template <class T>
std::optional<T> read(Type type, std::string_view text) {
    const auto value = parse_scalar(type, text);
    if (!value || !std::holds_alternative<T>(*value)) return std::nullopt;
    return std::get<T>(*value);
}

TEST(CimScalar, HasTheRangeOfItsType) {
    struct Row {
        Type type;
        const char* least;
        const char* most;
        const char* below;
        const char* above;
    };
    for (const auto& row : {
             Row{Type::uint8, "0", "255", "-1", "256"},
             Row{Type::sint8, "-128", "127", "-129", "128"},
             Row{Type::uint16, "0", "65535", "-1", "65536"},
             Row{Type::sint16, "-32768", "32767", "-32769", "32768"},
             Row{Type::uint32, "0", "4294967295", "-1", "4294967296"},
             Row{Type::sint32, "-2147483648", "2147483647", "-2147483649", "2147483648"},
             Row{Type::uint64, "0", "18446744073709551615", "-1", "18446744073709551616"},
             Row{Type::sint64, "-9223372036854775808", "9223372036854775807", "-9223372036854775809",
                 "9223372036854775808"},
         }) {
        for (const char* text : {row.least, row.most}) {
            const auto value = parse_scalar(row.type, text);
            ASSERT_TRUE(value) << type_name(row.type) << " " << text;
            EXPECT_EQ(format_scalar(*value), text);
        }
        for (const char* text : {row.below, row.above, "", "1.0", "0x1", "1 2", "+-1", "++1", "one"})
            EXPECT_FALSE(parse_scalar(row.type, text)) << type_name(row.type) << " " << text;
        EXPECT_EQ(format_scalar(parse_scalar(row.type, " \n+7\t").value()), "7");
    }
}

TEST(CimScalar, ReadsEveryOtherType) {
    EXPECT_EQ(read<bool>(Type::boolean, "true"), true);
    EXPECT_EQ(read<bool>(Type::boolean, " FALSE "), false);
    EXPECT_FALSE(parse_scalar(Type::boolean, "yes"));
    EXPECT_EQ(read<double>(Type::real64, "1.5e3"), 1500.0);
    EXPECT_EQ(read<double>(Type::real32, "-0.25"), -0.25);
    EXPECT_FALSE(parse_scalar(Type::real32, "1e39"));
    EXPECT_TRUE(parse_scalar(Type::real64, "1e39"));
    EXPECT_TRUE(std::isinf(read<double>(Type::real64, "-INF").value()));
    EXPECT_TRUE(std::isnan(read<double>(Type::real64, "NaN").value()));
    for (const char* text : {"inf", "nan", "infinity", "0x1p3", "", "1,5", "e5"})
        EXPECT_FALSE(parse_scalar(Type::real64, text)) << text;
    EXPECT_EQ(format_scalar(Scalar(0.1)), "0.1");
    EXPECT_EQ(format_scalar(Scalar(-std::numeric_limits<double>::infinity())), "-INF");
    EXPECT_EQ(read<char16_t>(Type::char16, "65"), u'A');
    EXPECT_EQ(read<char16_t>(Type::char16, "A"), u'A');
    EXPECT_EQ(read<char16_t>(Type::char16, "\xC3\xA4"), u'\u00E4');
    for (const char* text : {"", "65536", "AB", "\xF0\x9F\x98\x80", "\xC3"})
        EXPECT_FALSE(parse_scalar(Type::char16, text)) << text;
    EXPECT_EQ(format_scalar(Scalar(u'A')), "65");
    EXPECT_EQ(read<std::string_view>(Type::string, " kept "), " kept ");
    EXPECT_TRUE(read<Moment>(Type::datetime, "20260101120000.000000+060"));
    EXPECT_TRUE(read<Interval>(Type::datetime, "00000001020304.000000:000"));
    EXPECT_TRUE(read<Interval>(Type::datetime, "P1DT2H3M4S"));
    EXPECT_FALSE(parse_scalar(Type::datetime, "soon"));
    EXPECT_FALSE(parse_scalar(Type::reference, "x"));
    EXPECT_FALSE(parse_scalar(Type::instance, "x"));
}

TEST(CimScalar, EveryTruncationIsAnotherValueOrRefused) {
    for (const std::string whole : {"18446744073709551615", "-1.25e-10", "true", "P1DT2H3M4.5S"})
        for (std::size_t length = 0; length < whole.size(); ++length)
            for (int type = 0; type <= static_cast<int>(Type::instance); ++type) {
                const auto kind = static_cast<Type>(type);
                const auto value = parse_scalar(kind, whole.substr(0, length));
                if (!value || kind == Type::string) continue;
                EXPECT_TRUE(parse_scalar(kind, format_scalar(*value)));
            }
}

TEST(CimType, HasItsName) {
    for (int type = 0; type <= static_cast<int>(Type::instance); ++type) {
        const auto name = type_name(static_cast<Type>(type));
        ASSERT_FALSE(name.empty());
        EXPECT_EQ(parse_type(name), static_cast<Type>(type));
    }
    EXPECT_EQ(parse_type("UInt32"), Type::uint32);
    EXPECT_EQ(parse_type("object"), Type::instance);
    EXPECT_FALSE(parse_type("uint3"));
    EXPECT_FALSE(parse_type(""));
}

constexpr char wmi[] = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service";
constexpr char dell[] = "http://schemas.dell.com/wbem/wscim/1/cim-schema/2/DCIM_ComputerSystem";

TEST(ClassUri, ReadsEveryForm) {
    const auto service = parse_class_uri(wmi);
    ASSERT_TRUE(service);
    EXPECT_EQ(service->cim_namespace, "root/cimv2");
    EXPECT_EQ(service->class_name, "Win32_Service");
    EXPECT_EQ(format_class_uri(*service), wmi);
    EXPECT_EQ(parse_class_uri("HTTP://Schemas.Microsoft.com/wbem/wsman/1/wmi/root\\cimv2/*")->class_name,
              "*");
    const auto system = parse_class_uri(dell);
    ASSERT_TRUE(system);
    EXPECT_EQ(system->authority, "http://schemas.dell.com");
    EXPECT_EQ(system->cim_namespace, "");
    EXPECT_EQ(format_class_uri(*system), dell);
    const auto omi = parse_class_uri(
        "http://schemas.microsoft.com/wbem/wscim/1/cim-schema/2/SCX_Agent?__cimnamespace=root/scx");
    ASSERT_TRUE(omi);
    EXPECT_EQ(omi->cim_namespace, "root/scx");
    EXPECT_EQ(omi->class_name, "SCX_Agent");
    EXPECT_EQ(parse_class_uri("http://schemas.dmtf.org/wbem/wscim/1/*")->form, ClassUri::Form::all_classes);
}

TEST(ClassUri, RefusesWhatIsNone) {
    const std::string prefix(wmi_prefix);
    for (const std::string& uri :
         {std::string(), prefix, prefix + "Win32_Service", prefix + "root//Win32_Service",
          prefix + "root/cimv2/", prefix + "root/cimv2/Win32 Service", prefix + "root/cimv2/**",
          prefix + "ro*t/Win32_Service", prefix + "root/cimv2/2Fast",
          prefix + "root/" + std::string(2'048, 'x'), std::string(dell) + "?x=y",
          std::string(dell) + "?__cimnamespace=", "ftp://x" + std::string(schema_part) + "A",
          "http://" + std::string(schema_part) + "A", "http://a/b" + std::string(schema_part) + "A",
          std::string("http://schemas.microsoft.com/wbem/wsman/1/config")})
        EXPECT_FALSE(parse_class_uri(uri)) << uri;
}

TEST(ClassUri, EveryTruncationIsAnotherOrRefused) {
    for (const std::string& whole : {std::string(wmi), std::string(dell) + "?__cimnamespace=root/dcim"})
        for (std::size_t length = 0; length < whole.size(); ++length) {
            const auto uri = parse_class_uri(whole.substr(0, length));
            if (uri) {
                EXPECT_NE(*uri, *parse_class_uri(whole));
            }
        }
}

Message request_of(std::string_view uri, const std::vector<Selector>& selectors) {
    const RequestHead head{action::get, uri, testing::message_id, selectors, {}};
    return testing::message_of(write_request(testing::settings(), head, [](xml::Writer&) {}));
}

Message about(const Target& target) {
    return testing::message_of(
        write_about(testing::settings(), action::get, testing::message_id, target, [](xml::Writer&) {}));
}

// A reference whose one key is a reference, and so on.
Reference chain(unsigned length) {
    Reference made{"", std::string(wmi), {{"Name", "a <b>"}}};
    for (unsigned at = 1; at < length; ++at)
        made =
            Reference{std::string(anonymous), std::string(wmi), {{"Antecedent", "", {made}}, {"Role", "r"}}};
    return made;
}

TEST(Target, IsAClassWithKeys) {
    const auto target =
        read_target(request_of(dell, {{"__cimNamespace", "root\\dcim"}, {"Name", "srv:system"}, {"Id", ""}}));
    ASSERT_TRUE(target.ok());
    EXPECT_EQ(target.value().of.cim_namespace, "root/dcim");
    EXPECT_EQ(target.value().keys, (std::vector<Key>{{"Name", "srv:system"}, {"Id", ""}}));
    const auto again = about(target.value());
    EXPECT_EQ(again.header.resource_uri, dell);
    EXPECT_EQ(read_target(again).value(), target.value());
    EXPECT_TRUE(read_target(request_of(wmi, {{"__cimnamespace", "ROOT/CIMV2"}})).ok());
}

TEST(Target, RefusesEachWrongFieldWithItsFault) {
    struct Row {
        std::string uri;
        std::vector<Selector> selectors;
        std::uint32_t code;
    };
    std::vector<Selector> many;
    for (int i = 0; i < 257; ++i) many.push_back({"K" + std::to_string(i), ""});
    for (const auto& row : {
             Row{"", {}, wsman::code::header_required},
             Row{std::string(wmi) + std::string(2'048, 'x'), {}, code::uri_limit},
             Row{"http://schemas.microsoft.com/wbem/wsman/1/nothing", {}, wsman::code::resource_not_found},
             Row{wmi, {{"Name", "a"}, {"name", "b"}}, code::duplicate_selectors},
             Row{wmi, {{"__cimnamespace", "root/other"}}, code::namespace_differs},
             Row{wmi, {{"__cimnamespace", "root//"}}, code::invalid_selector_value},
             Row{wmi, {{"", "x"}}, wsman::code::unexpected_selectors},
             Row{wmi, {{"a b", "x"}}, wsman::code::unexpected_selectors},
             Row{wmi, {{"Name", std::string(longest_key + 1, 'x')}}, code::selector_limit},
             Row{wmi, many, code::selector_limit},
         }) {
        const auto target = read_target(request_of(row.uri, row.selectors));
        ASSERT_FALSE(target.ok()) << row.uri;
        EXPECT_EQ(target.error().wsman_code, row.code) << row.uri.substr(0, 100);
    }
}

// DSP0226 5.1.2.2
TEST(Target, HasKeysThatAreReferences) {
    for (const unsigned length : {1U, 8U}) {
        Target target{*parse_class_uri(wmi),
                      {{"Antecedent", "", {chain(length)}}, {"Dependent", "", {chain(1)}}}};
        EXPECT_EQ(read_target(about(target)).value(), target);  // None but those,
        target.keys.emplace_back("Name", "x]]>");               // and beside one that is text.
        auto read = read_target(about(target)).value();
        EXPECT_EQ(read.keys.front(), target.keys.back());
        std::rotate(read.keys.begin(), read.keys.begin() + 1, read.keys.end());
        EXPECT_EQ(read, target);
        target.of = *parse_class_uri(dell);
        target.of.cim_namespace = "root/dcim";
        EXPECT_EQ(read_target(about(target)).value().of, target.of);
    }
}

// References in a body look as those of headers do.
TEST(Target, PutsKeysIntoTheHeadersWhateverTheBodyHolds) {
    const Target target{*parse_class_uri(wmi),
                        {{"Antecedent", "", {chain(1)}}, {"Dependent", "", {chain(2)}}}};
    Instance instance{"CIM_Thing", wmi};
    instance.set("Antecedent", Value(chain(1))).set("Dependent", Value(chain(2)));
    const auto text = write_put(testing::settings(), testing::message_id, target, instance);
    ASSERT_TRUE(text.ok()) << text.error().detail;
    const auto message = testing::message_of(*text);
    EXPECT_EQ(read_target(message).value(), target);
    const auto body = message.document.root().first(ns::soap, "Body").first();
    EXPECT_EQ(read_instance(body).value().properties, instance.properties);
}

TEST(Target, ReadsWhatARequestAsItselfHolds) {
    const auto with = [](const std::string& inside) {
        auto text = write_request(testing::settings(),
                                  {action::get, wmi, testing::message_id, {{"Left", "here"}}, {}},
                                  [](xml::Writer&) {});
        const std::string plain = ">here<";
        return read_target(
            testing::message_of(text.replace(text.find(plain), plain.size(), ">" + inside + "<")));
    };
    const std::string parameters = "<a:ReferenceParameters><w:ResourceURI>" + std::string(wmi) +
                                   "</w:ResourceURI><w:SelectorSet><w:Selector Name=\"Name\">x</w:Selector>"
                                   "</w:SelectorSet></a:ReferenceParameters>";
    const Key expected{"Left", "", {Reference{"", std::string(wmi), {{"Name", "x"}}}}};
    EXPECT_EQ(with("<a:EndpointReference>" + parameters + "</a:EndpointReference>").value().keys.front(),
              expected);
    EXPECT_EQ(with("<a:Address></a:Address>" + parameters).value().keys.front(), expected);
    EXPECT_EQ(with("<b/>").error().wsman_code, code::invalid_selector_value);
    EXPECT_EQ(with("<a:EndpointReference/>").error().wsman_code, code::invalid_selector_value);
}

TEST(Target, RefusesReferencesThatGoTooDeepAndANamespaceThatIsOne) {
    const auto deep = read_target(about({*parse_class_uri(wmi), {{"Antecedent", "", {chain(9)}}}}));
    EXPECT_EQ(deep.error().wsman_code, code::invalid_selector_value);
    EXPECT_NE(deep.error().detail.find("Antecedent"), std::string::npos) << deep.error().detail;
    const auto space = read_target(about({*parse_class_uri(dell), {{"__cimnamespace", "", {chain(1)}}}}));
    EXPECT_EQ(space.error().wsman_code, code::selector_type);
}

}  // namespace
}  // namespace mullion::wsman::cim
