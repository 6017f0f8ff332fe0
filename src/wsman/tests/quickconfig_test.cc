#include "wsman/quickconfig.h"

#include "wsman/config_table.h"
#include "wsman/tests/data.h"

namespace mullion::wsman {
namespace {

using testing::message_id;
using testing::message_of;
using testing::other_id;
using testing::settings;

const std::string service = std::string(resource::config) + "/service";

Message invoke(const std::string& name, const std::string& body) {
    const std::string action = service + "/" + name;
    const RequestHead head{action, service, message_id, {}, {}};
    return message_of(write_request(settings(), head, [&](xml::Writer& out) { out.raw(body); }));
}

std::string input(const std::string& name, const std::string& inside, const std::string& space = service) {
    return "<" + name + "_INPUT xmlns=\"" + space + "\">" + inside + "</" + name + "_INPUT>";
}

TEST(Quickconfig, ReadsWhatWindowsClientsSend) {
    const auto read = [](const std::string& inside) {
        return read_quickconfig_input(invoke("Analyze", input("Analyze", inside)), "Analyze");
    };
    EXPECT_EQ(*read("<Transport>http</Transport>"), (QuickconfigInput{false, false}));
    EXPECT_EQ(*read("<Transport>HTTPS</Transport><Force/>"), (QuickconfigInput{true, true}));
    EXPECT_EQ(*read(""), (QuickconfigInput{false, false}));
    for (const auto* wrong : {"<Transport>ftp</Transport>", "<Transport/><Transport/>", "<Quux/>"})
        EXPECT_EQ(read(wrong).error().wsman_code, code::schema_validation) << wrong;
    const auto other = read_quickconfig_input(invoke("Analyze", input("Analyze", "", "http://x")), "Analyze");
    EXPECT_EQ(other.error().wsman_code, code::invalid_namespace);
    EXPECT_EQ(read_quickconfig_input(invoke("Analyze", input("Other", "")), "Analyze").error().wsman_code,
              code::schema_validation);
    EXPECT_EQ(read_quickconfig_input(invoke("Analyze", ""), "Analyze").error().wsman_code,
              code::schema_validation);
    EXPECT_TRUE(
        read_quickconfig_empty(invoke("AnalyzeService", input("AnalyzeService", "")), "AnalyzeService").ok());
    EXPECT_FALSE(
        read_quickconfig_empty(invoke("AnalyzeService", input("AnalyzeService", "<A/>")), "AnalyzeService")
            .ok());
}

TEST(Quickconfig, WhatIsNeededIsTheInputOfTheNextAction) {
    const auto answer = message_of(write_quickconfig_analysis(
        service + "/Analyze", other_id, message_id, {false, {}, "Create it.", QuickconfigInput{true, true}},
        "EnableRemoting"));
    EXPECT_EQ(answer.header.action, service + "/AnalyzeResponse");
    EXPECT_TRUE(answer.body.is(service, "Analyze_OUTPUT"));
    EXPECT_EQ(answer.body.first(service, "RemotingEnabled").text(), "false");
    EXPECT_EQ(answer.body.first(service, "Results").text(), "Create it.");
    const auto next = answer.body.first(service, "EnableRemoting_INPUT");
    const auto again = read_quickconfig_input(invoke("EnableRemoting", next.to_xml()), "EnableRemoting");
    ASSERT_TRUE(again.ok()) << again.error().message();
    EXPECT_EQ(*again, (QuickconfigInput{true, true}));
}

TEST(Quickconfig, PolicyIsSaidAndLeavesNothingToSend) {
    const auto answer = message_of(write_quickconfig_analysis(
        service + "/Analyze", other_id, message_id, {false, "GPO", "No.", std::nullopt}, "EnableRemoting"));
    EXPECT_EQ(answer.body.first(service, "RemotingEnabled").attribute("", "Source"), "GPO");
    EXPECT_FALSE(answer.body.first(service, "EnableRemoting_INPUT"));
    const auto done =
        message_of(write_quickconfig_done(service + "/EnableRemoting", other_id, message_id, "a\nb"));
    EXPECT_EQ(done.body.first(service, "Status").text(), "succeeded");
    EXPECT_EQ(done.body.first(service, "Results").text(), "a\nb");
}

}  // namespace
}  // namespace mullion::wsman
