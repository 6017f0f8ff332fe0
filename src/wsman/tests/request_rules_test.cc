#include "wsman/request_rules.h"

#include "wsman/shell.h"
#include "wsman/tests/data.h"

namespace mullion::wsman {
namespace {

using testing::data_message;
using testing::message_of;
using testing::read_data;

// The recorded Receive with `from` replaced by `to`.
Message changed(const std::string& from, const std::string& to) {
    auto text = read_data("windows/receive_request");
    const auto at = text.find(from);
    if (at == std::string::npos) throw std::runtime_error("not in the recording: " + from);
    return message_of(text.replace(at, from.size(), to));
}

std::uint32_t code_after(const std::string& from, const std::string& to) {
    const auto fault = check_request_header(changed(from, to));
    return fault ? fault->code : 0;
}

std::uint32_t code_with(const std::string& header) {
    return code_after("</s:Header>", header + "</s:Header>");
}

TEST(RequestRules, TakesEveryRecordedRequestButTheOneWithABadTimeout) {
    for (const char* name :
         {"create_request_extra", "command_request", "receive_request", "send_request", "signal_request",
          "delete_request", "get_shell_request", "enumerate_request", "enumerate_commands_request"})
        EXPECT_FALSE(check_request_header(data_message(std::string("windows/") + name))) << name;

    const auto fault = check_request_header(data_message("windows/get_shell_request_bad_timeout"));
    const auto windows = read_fault(data_message("windows/fault_invalid_timeout"));
    ASSERT_TRUE(fault && windows.ok());
    EXPECT_EQ(fault->code, windows.value().code);
    EXPECT_EQ(fault->message, windows.value().message);
    EXPECT_EQ(fault->reason, windows.value().reason);
}

TEST(RequestRules, WantsTheHeadersOfAddressing) {
    for (const char* header : {"wsa:Action", "wsa:To", "wsa:ReplyTo", "wsman:ResourceURI", "wsa:MessageID"}) {
        auto text = read_data("windows/receive_request");
        const auto begin = text.find("<" + std::string(header));
        const auto end = text.find("</" + std::string(header) + ">");
        ASSERT_NE(begin, std::string::npos);
        ASSERT_NE(end, std::string::npos);
        text.erase(begin, end + std::string(header).size() + 3 - begin);
        const auto fault = check_request_header(message_of(text));
        ASSERT_TRUE(fault) << header;
        EXPECT_EQ(fault->code, code::header_required) << header;
        EXPECT_EQ(fault->action, action::fault_addressing);
    }
}

TEST(RequestRules, TakesAnyMessageIdUpTo2KB) {
    const std::string id = "uuid:ED6D6F9B-0B0B-43FF-9767-6824A80562E1";
    EXPECT_EQ(code_after(id, "anything else"), 0U);
    EXPECT_EQ(code_after(id, std::string(2048, 'x')), 0U);
    EXPECT_EQ(code_after(id, std::string(2049, 'x')), code::invalid_message_header);
    EXPECT_EQ(code_after(id, ""), code::invalid_message_header);
}

TEST(RequestRules, AnswersOnlyOverTheConnection) {
    EXPECT_EQ(code_after("role/anonymous", "role/none"), code::addressing_mode);
    EXPECT_EQ(code_with("<wsa:FaultTo><wsa:Address>http://elsewhere/</wsa:Address></wsa:FaultTo>"),
              code::addressing_mode);
}

TEST(RequestRules, RefusesWhatMustBeUnderstoodAndIsNot) {
    EXPECT_EQ(code_with("<x xmlns='urn:x' s:mustUnderstand='true'/>"), code::must_understand);
    EXPECT_EQ(code_with("<x xmlns='urn:x' s:mustUnderstand='1'/>"), code::must_understand);
    EXPECT_EQ(code_with("<x xmlns='urn:x' s:mustUnderstand='false'/>"), 0U);
    EXPECT_EQ(code_with("<x xmlns='urn:x' mustUnderstand='true'/>"), 0U);
    EXPECT_EQ(code_with("<wsa:From s:mustUnderstand='true'/>"), 0U);
}

TEST(RequestRules, ChecksTimeoutAndSize) {
    EXPECT_EQ(code_after("PT20S", "-PT1S"), code::invalid_message_header);
    EXPECT_EQ(code_after("PT20S", "soon"), code::invalid_message_header);
    EXPECT_EQ(code_after("PT20S", "PT9999999S"), 0U);  // Capped by the service, no fault.
    EXPECT_EQ(code_after("<wsman:OperationTimeout>PT20S</wsman:OperationTimeout>", ""), 0U);
    EXPECT_EQ(code_after("153600", "8191"), code::minimum_envelope);
    EXPECT_EQ(code_after("153600", "8192"), 0U);
    EXPECT_EQ(code_after("153600", "-1"), code::invalid_message_header);
    EXPECT_EQ(code_after("153600", "99999999999999999999999"), code::invalid_message_header);
}

TEST(RequestRules, ChecksLocaleSelectorsAndRepetitions) {
    EXPECT_EQ(code_after("Locale s:mustUnderstand=\"false\"", "Locale s:mustUnderstand=\"true\""),
              code::locale_must_understand);
    EXPECT_EQ(code_after("</wsman:SelectorSet>",
                         "<wsman:Selector Name=\"SHELLID\">x</wsman:Selector></wsman:SelectorSet>"),
              code::duplicate_selectors);
    std::string many;
    for (int i = 0; i < 10'000; ++i) many += "<wsman:Selector Name=\"s" + std::to_string(i) + "\"/>";
    EXPECT_EQ(code_after("</wsman:SelectorSet>", many + "</wsman:SelectorSet>"), 0U);
    EXPECT_EQ(code_with("<wsa:Action>urn:other</wsa:Action>"), code::invalid_message_header);
    EXPECT_EQ(code_with("<wsa:MessageID>two</wsa:MessageID>"), code::invalid_message_header);
    EXPECT_EQ(code_with("<wsman:SelectorSet/>"), code::invalid_message_header);
}

TEST(RequestRules, ChecksOptionsThatMustBeComplied) {
    const auto with_option = [](const std::string& option) {
        return changed("</wsman:OptionSet>", option + "</wsman:OptionSet>");
    };
    const auto unknown = with_option("<wsman:Option Name=\"Unknown\" MustComply=\"true\"/>");
    EXPECT_EQ(check_request_header(unknown)->code, code::options_not_supported);
    EXPECT_FALSE(check_request_header(with_option("<wsman:Option Name=\"Unknown\"/>")));
    constexpr std::string_view known[] = {"WINRS_NOPROFILE", "unknown"};
    EXPECT_FALSE(check_request_header(unknown, {known, false}));
    // All that begin so; the beginning alone is none of them.
    constexpr std::string_view family[] = {"wmi:*"};
    const auto of_family = [&](const std::string& name) {
        const auto option = "<wsman:Option Name=\"" + name + "\" MustComply=\"true\"/>";
        return !check_request_header(with_option(option), {family, false});
    };
    EXPECT_TRUE(of_family("WMI:x"));
    for (const char* other : {"wmi:", "wmi", "wmiarray:x", "x", "wmi*"})
        EXPECT_FALSE(of_family(other)) << other;
}

TEST(RequestRules, ShellsHaveNoFragments) {
    EXPECT_EQ(code_with("<wsman:FragmentTransfer s:mustUnderstand='true'>a/b</wsman:FragmentTransfer>"),
              code::fragment_not_supported);
    const auto message =
        changed("</s:Header>", "<wsman:FragmentTransfer>a/b</wsman:FragmentTransfer></s:Header>");
    EXPECT_FALSE(check_request_header(message, {{}, true}));
}

}  // namespace
}  // namespace mullion::wsman
