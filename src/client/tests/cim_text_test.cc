#include "client/cim_text.h"

#include <gtest/gtest.h>

namespace mullion::client {
namespace {

using wsman::cim::Form;
using wsman::cim::Instance;
using wsman::cim::Reference;
using wsman::cim::Value;

Value sent(Form form, std::string text) {
    Value value;
    value.form = form;
    value.text = std::move(text);
    return value;
}

TEST(CimText, TimesHaveOneForm) {
    EXPECT_EQ(cim_text(sent(Form::datetime, " 2013-03-09T02:57:32Z\n")), "2013-03-09T02:57:32Z");
    EXPECT_EQ(cim_text(sent(Form::dmtf, "20260101120000.000000+060")), "2026-01-01T12:00:00+01:00");
    EXPECT_EQ(cim_text(sent(Form::text, "20110225134848.000000+000")), "2011-02-25T13:48:48Z");
    EXPECT_EQ(cim_text(sent(Form::text, "00000001020304.000000:000")), "P1DT2H3M4S");
    EXPECT_EQ(cim_text(sent(Form::interval, "P1DT2H")), "P1DT2H");
}

TEST(CimText, OtherTextIsTheHostsOwn) {
    for (const auto* text : {"", " two  blanks ", "2026", "20260101120000.000000*060",
                             "2026010112000000000000+060", "99999999999999.999999+999", "true"})
        EXPECT_EQ(cim_text(sent(Form::text, text)), text);
    EXPECT_EQ(cim_text(Value()), "");
}

TEST(CimText, ReferencesArePaths) {
    Reference one{"", "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service", {}};
    one.keys.emplace_back("Name", "a\"b\\c");
    EXPECT_EQ(cim_path(one), R"(root/cimv2:Win32_Service.Name="a\"b\\c")");
    Reference two{"", "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_Uses", {}};
    two.keys.emplace_back("__cimnamespace", "root/scx");
    two.keys.emplace_back("Antecedent", "", std::vector<Reference>{one});
    two.keys.emplace_back("Part", "1");
    EXPECT_EQ(cim_text(Value(two)),
              R"(root/scx:CIM_Uses.Antecedent="root/cimv2:Win32_Service.Name=\"a\\\"b\\\\c\"",Part="1")");
    EXPECT_EQ(cim_path({"", "urn:else", {}}), "urn:else");
}

TEST(CimText, EmbeddedInstancesAreShown) {
    Instance inner;
    inner.class_name = "Win32_Trustee";
    inner.properties = {{"Name", {sent(Form::text, "ann")}},
                        {"SID", {sent(Form::text, "1"), sent(Form::text, "5")}}};
    EXPECT_EQ(cim_text(Value(inner)), "Win32_Trustee{Name=ann, SID=1, SID=5}");
}

}  // namespace
}  // namespace mullion::client
