#include "winrm/enumeration.h"

#include <gtest/gtest.h>

#include "wsman/uris.h"
#include "xml/document.h"

namespace mullion::winrm {
namespace {

Result<CommandLine> parse(std::vector<std::string_view> switches) {
    std::vector<std::string_view> words{"enumerate", "wmicimv2/*"};
    words.insert(words.end(), switches.begin(), switches.end());
    return parse_command_line(words);
}

wsman::Enumerate enumerate(std::vector<std::string_view> switches) {
    auto line = parse(std::move(switches));
    EXPECT_TRUE(line.ok()) << line.error().detail;
    auto made = enumeration_of(std::get<Request>(*line));
    EXPECT_TRUE(made.ok()) << made.error().detail;
    return std::move(made).value();
}

TEST(Enumeration, WithoutSwitchesAsksForAllOfIt) {
    const auto all = enumerate({});
    EXPECT_TRUE(all.optimize);
    EXPECT_FALSE(all.has_filter);
    EXPECT_EQ(all.mode, "");
    EXPECT_EQ(all.polymorphism, "");
}

TEST(Enumeration, HasModeAndPolymorphism) {
    EXPECT_EQ(enumerate({"-returnType:object"}).mode, "");
    EXPECT_EQ(enumerate({"-returnType:EPR"}).mode, "EnumerateEPR");
    EXPECT_EQ(enumerate({"-returnType:objectAndEpr"}).mode, "EnumerateObjectAndEPR");
    EXPECT_EQ(enumerate({"-shallow"}).polymorphism, "None");
    EXPECT_EQ(enumerate({"-basePropertiesOnly"}).polymorphism, "ExcludeSubClassProperties");
    EXPECT_FALSE(parse({"-returnType:xml"}).ok());
    EXPECT_FALSE(parse({"-shallow", "-basePropertiesOnly"}).ok());
}

TEST(Filters, HaveTheirDialects) {
    const auto wql = enumerate({"-filter:select * from a where b<1"});
    EXPECT_EQ(wql.filter_dialect, wsman::dialect::wql);
    EXPECT_EQ(wql.filter_xml, "select * from a where b&lt;1");
    EXPECT_EQ(enumerate({"-dialect:WQL", "-filter:a"}).filter_dialect, wsman::dialect::wql);
    const auto selector = enumerate({"-dialect:selector", "-filter:{A=\"1\"}"});
    EXPECT_EQ(selector.filter_dialect, wsman::dialect::selector);
    EXPECT_EQ(xml::Document::parse(selector.filter_xml).value().root().first().text(), "1");
    EXPECT_EQ(enumerate({"-dialect:xpath", "-filter:a/b"}).filter_dialect, wsman::dialect::xpath);
    EXPECT_EQ(enumerate({"-dialect:urn:own", "-filter:a"}).filter_dialect, "urn:own");
    EXPECT_FALSE(parse({"-dialect:selector", "-filter:A=1"}).ok());
}

TEST(Associations, NeedTheirDialectAndAFilter) {
    EXPECT_FALSE(parse({"-associations"}).ok());
    EXPECT_FALSE(parse({"-dialect:association"}).ok());
    EXPECT_FALSE(parse({"-associations", "-filter:a"}).ok());
    const auto found = enumerate({"-dialect:association", "-filter:{Object=Win32_Service?Name=WinRM}"});
    EXPECT_EQ(found.filter_dialect, wsman::dialect::association);
    const auto joined =
        enumerate({"-dialect:association", "-associations", "-filter:{Object=Win32_Service?Name=WinRM}"});
    EXPECT_EQ(xml::Document::parse(joined.filter_xml).value().root().local(), "AssociationInstances");
}

TEST(AssociationFilter, NamesTheObjectAndWhatIsWanted) {
    constexpr std::string_view all = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/*";
    const auto filter = parse_association_filter(
        "{object=Win32_Service?Name=WinRM;ResultClassName=Win32_Process;Role=Antecedent;resultrole=Dependent;"
        "AssociationClassName=Win32_DependentService;ResultPropertyName=Name}",
        all, false);
    ASSERT_TRUE(filter.ok()) << filter.error().detail;
    const auto document = xml::Document::parse(*filter).value();
    const auto root = document.root();
    EXPECT_TRUE(root.is(wsman::ns::binding, "AssociatedInstances"));
    const auto reference =
        root.first(wsman::ns::binding, "Object").first(wsman::ns::addressing, "ReferenceParameters");
    EXPECT_EQ(reference.first(wsman::ns::wsman, "ResourceURI").text(),
              "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service");
    EXPECT_EQ(reference.first(wsman::ns::wsman, "SelectorSet").first().text(), "WinRM");
    std::vector<std::string> order;
    for (const auto& child : root.children()) order.emplace_back(child.local());
    const std::vector<std::string> expected{"Object",     "AssociationClassName", "Role", "ResultClassName",
                                            "ResultRole", "IncludeResultProperty"};
    EXPECT_EQ(order, expected);
    const auto elsewhere = parse_association_filter("{Object=wmi/root/a/B?C=d}", all, true).value();
    EXPECT_NE(elsewhere.find("wsman/1/wmi/root/a/B<"), std::string::npos);
}

TEST(AssociationFilter, IsRefusedWhereItIsNone) {
    for (const auto text : {"", "{}", "Object=a", "{Role=a}", "{Object=}", "{Object=a;Object=b}",
                            "{Object=a;Colour=b}", "{Object=a;Role}", "{Object=a b}"})
        EXPECT_FALSE(parse_association_filter(text, "u/*", false).ok()) << text;
    for (const auto text : {"{Object=a;ResultRole=b}", "{Object=a;AssociationClassName=b}"})
        EXPECT_FALSE(parse_association_filter(text, "u/*", true).ok()) << text;
}

TEST(AssociationFilter, RefusesEveryTruncation) {
    const std::string_view whole = "{Object=Win32_Service?Name=WinRM;Role=Antecedent}";
    ASSERT_TRUE(parse_association_filter(whole, "u/*", false).ok());
    for (std::size_t length = 0; length < whole.size(); ++length)
        EXPECT_FALSE(parse_association_filter(whole.substr(0, length), "u/*", false).ok()) << length;
}

}  // namespace
}  // namespace mullion::winrm
