#include "cli/cim_words.h"

#include <gtest/gtest.h>

namespace mullion::cli {
namespace {

std::string uri_of(const std::string& text, const std::vector<std::string>& more = {}) {
    const auto target = parse_cim_object(text, more, "root/cimv2");
    if (!target.ok()) return "!" + target.error().detail;
    auto shown = format_class_uri(target->of);
    if (target->of.form != wsman::cim::ClassUri::Form::wmi) shown += "|" + target->of.cim_namespace;
    for (const auto& key : target->keys) shown += " " + key.name + "=" + key.value;
    const std::string wmi = "http://schemas.microsoft.com/wbem/wsman/1/wmi/";
    return shown.starts_with(wmi) ? shown.substr(wmi.size()) : shown;
}

TEST(CimWords, ObjectsInEveryForm) {
    EXPECT_EQ(uri_of("Win32_OperatingSystem"), "root/cimv2/Win32_OperatingSystem");
    EXPECT_EQ(uri_of("Win32_Service", {"Name=spooler"}), "root/cimv2/Win32_Service Name=spooler");
    EXPECT_EQ(uri_of("Win32_Service?Name=spooler"), "root/cimv2/Win32_Service Name=spooler");
    EXPECT_EQ(uri_of("A?B=1+C=x:y.z=w"), "root/cimv2/A B=1 C=x:y.z=w");
    EXPECT_EQ(uri_of("A?B=say \"hi\""), "root/cimv2/A B=say \"hi\"");
    EXPECT_EQ(uri_of(R"(Win32_LogicalDisk.DeviceID="C:")"), "root/cimv2/Win32_LogicalDisk DeviceID=C:");
    EXPECT_EQ(uri_of(R"(A.B="why?",C=2,D=TRUE)"), "root/cimv2/A B=why? C=2 D=true");
    EXPECT_EQ(uri_of(R"(root\StandardCimv2:MSFT_NetAdapter.Name="a\\b")"),
              "root/StandardCimv2/MSFT_NetAdapter Name=a\\b");
    EXPECT_EQ(uri_of("http://schemas.microsoft.com/wbem/wsman/1/wmi/root/x/A?B=1"), "root/x/A B=1");
    EXPECT_EQ(
        uri_of("http://schemas.microsoft.com/wbem/wscim/1/cim-schema/2/SCX_Agent?__cimnamespace=root/scx"),
        "http://schemas.microsoft.com/wbem/wscim/1/cim-schema/2/SCX_Agent|root/scx");
}

TEST(CimWords, ObjectsThatAreNone) {
    for (const auto* text : {"", "Win32 Service", "A?", "A?B", "A?=1", "A?B=1+B=2", "A.B", "A=\"x\"", "..",
                             R"(\\web02\root\cimv2:A.B="x")", "http://example.com/x", "A?b=1+B=2"})
        EXPECT_EQ(uri_of(text).front(), '!') << text;
    EXPECT_FALSE(parse_cim_object("A", {}, "root cimv2").ok());
    EXPECT_FALSE(parse_cim_object("A", {"Name"}, "root/cimv2").ok());
    EXPECT_NE(uri_of("A=\"x\"").find("name the key"), std::string::npos);
}

TEST(CimWords, Values) {
    const auto values = parse_cim_values({"A=x=y", "B=", "C=$null", "a=2"}).value();
    ASSERT_EQ(values.size(), 3U);
    ASSERT_EQ(values[0].values.size(), 2U) << "an array";
    EXPECT_EQ(values[0].values[0].text, "x=y");
    EXPECT_EQ(values[0].values[1].text, "2");
    EXPECT_EQ(values[1].values[0].text, "");
    EXPECT_FALSE(values[1].values[0].is_null());
    EXPECT_TRUE(values[2].values[0].is_null());
    for (const auto* wrong : {"A", "=1", "a b=1", "A=\x01", "A=\xFF"})
        EXPECT_FALSE(parse_cim_values({wrong}).ok()) << wrong;
}

TEST(CimWords, QueriesThatAreObviouslyNone) {
    for (const auto* text : {"SELECT * FROM A", " \nselect*from A", "Associators of {A.B=1}",
                             "REFERENCES OF {A.B=1}", "SELECT something only Windows knows"})
        EXPECT_TRUE(check_wql(text).ok()) << text;
    for (const auto& text :
         {std::string(), std::string("   "), std::string("Win32_Service"), std::string("SELECTED * FROM A"),
          std::string("SELECT \x01"), "SELECT " + std::string(70'000, 'a')})
        EXPECT_EQ(check_wql(text).error().id, ErrorId::usage_invalid) << text.substr(0, 20);
}

TEST(CimWords, ColumnsInTheQuerysOrder) {
    using Columns = std::vector<std::string>;
    EXPECT_EQ(wql_columns("SELECT Name, State, name FROM A"), (Columns{"Name", "State"}));
    EXPECT_EQ(wql_columns("SELECT * FROM A"), Columns{});
    EXPECT_EQ(wql_columns("SELECT odd FROM"), Columns{});
    EXPECT_EQ(wql_columns("ASSOCIATORS OF {A.B=1}"), Columns{});
}

}  // namespace
}  // namespace mullion::cli
