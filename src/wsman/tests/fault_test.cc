#include "wsman/fault.h"

#include <set>

#include "wsman/fault_table.h"
#include "wsman/tests/data.h"

namespace mullion::wsman {
namespace {

using testing::data_message;
using testing::message_id;
using testing::message_of;
using testing::other_id;

// Whoever published this recording gave the fault the action of an answer.
constexpr std::string_view edited = "http://schemas.xmlsoap.org/ws/2004/09/transfer/GetResponse";

Fault recorded(const std::string& name) {
    auto text = testing::read_data(name);
    if (const auto at = text.find(edited); at != std::string::npos)
        text.replace(at, edited.size(), action::fault_wsman);
    auto fault = read_fault(message_of(text));
    EXPECT_TRUE(fault.ok()) << name;
    return std::move(fault).value();
}

TEST(Fault, ReadsAFaultOfTheService) {
    const auto fault = recorded("windows/fault_command_gone");
    EXPECT_EQ(fault.code, code::unexpected_selectors);
    EXPECT_EQ(fault.soap_code, "Sender");
    EXPECT_EQ(fault.subcode, "InvalidSelectors");
    EXPECT_EQ(fault.detail, "UnexpectedSelectors");
    EXPECT_EQ(fault.machine, "192.168.56.15");
    EXPECT_EQ(fault.provider, "");
    EXPECT_EQ(fault.action, action::fault_wsman);
    EXPECT_TRUE(fault.message.starts_with(
        "The Windows Remote Shell received a request to perform an operation on a"));
    EXPECT_TRUE(fault.message.ends_with("identifier."));
}

TEST(Fault, ReadsAFaultInsideAProvidersFault) {
    const auto fault = recorded("windows/fault_shell_gone");
    EXPECT_EQ(fault.code, code::unexpected_selectors);
    EXPECT_EQ(fault.provider, "Shell provider");
    EXPECT_EQ(fault.provider_path, "%systemroot%\\system32\\WsmSvc.dll");
    EXPECT_EQ(fault.provider_code, code::unexpected_selectors);
    EXPECT_EQ(fault.provider_machine, "127.0.0.1");
    EXPECT_TRUE(fault.message.starts_with("The WS-Management service cannot process the request because"));
}

TEST(Fault, ReadsATextInsideAProvidersFault) {
    const auto fault = recorded("windows/fault_empty_command");
    EXPECT_EQ(fault.code, code::invalid_parameter);
    EXPECT_EQ(fault.provider, "Shell cmd plugin");
    EXPECT_FALSE(fault.provider_code);
    EXPECT_EQ(fault.message, "The parameter is incorrect.");
}

TEST(Fault, ReadsOtherShapes) {
    const auto opennms = recorded("opennms/get-response-fault");
    EXPECT_EQ(opennms.code, code::resource_not_found);
    EXPECT_EQ(opennms.provider, "WMI Provider");
    EXPECT_EQ(opennms.provider_machine, "WIN-PHTGQ0P3OAO");
    EXPECT_EQ(opennms.detail, "InvalidResourceURI");

    const auto wmi = recorded("made/fault_wmi_error_only");
    EXPECT_EQ(wmi.code, code::quota_operations);
    EXPECT_EQ(wmi.wmi_status, 27U);
    EXPECT_NE(wmi.message.find("maximum number of 15 concurrent operations"), std::string::npos);

    const auto bare = recorded("made/fault_without_detail");
    EXPECT_EQ(bare.code, 0U);
    EXPECT_TRUE(is_operation_timeout(bare));
    EXPECT_EQ(to_error(bare).id, ErrorId::wsman_timeout);
    EXPECT_FALSE(to_error(bare).wsman_code);
}

Fault with_wmi(const std::string& inside) {
    const auto text = write_response(action::fault_wsman, other_id, message_id, [&](xml::Writer& out) {
        out.open("s:Fault").open("s:Code").element("s:Value", "s:Receiver").close();
        out.open("s:Detail").raw("<MSFT_WmiError>" + inside + "</MSFT_WmiError>").close().close();
    });
    return read_fault(message_of(text)).value();
}

TEST(Fault, HasTheActionOfAFault) {
    EXPECT_FALSE(read_fault(data_message("opennms/get-response-fault")).ok());
    auto text = write_fault(other_id, message_id, "", make_fault(code::quota_operations));
    const auto at = text.find(action::fault_wsman);
    ASSERT_NE(at, std::string::npos);
    EXPECT_TRUE(read_fault(message_of(text)).ok());
    text.erase(at, action::fault_wsman.size());
    EXPECT_TRUE(read_fault(message_of(text)).ok());  // Of a message that nobody could read, perhaps.
    text.insert(at, std::string(action::command) + "Response");
    EXPECT_FALSE(read_fault(message_of(text)).ok());
}

TEST(Fault, TakesTheCodeOfAWmiErrorWhereverItIs) {
    EXPECT_EQ(with_wmi("<MessageID>HRESULT 0x803381a6</MessageID>").code, code::quota_operations);
    EXPECT_EQ(with_wmi("<error_Code>2150859174</error_Code><error_Type>HRESULT</error_Type>").code,
              code::quota_operations);
    EXPECT_EQ(with_wmi("<error_Code>-2144108122</error_Code>").code, code::quota_operations);
    EXPECT_EQ(with_wmi("<error_Code>2</error_Code><error_Type>MI</error_Type>").code, 0U);
    EXPECT_EQ(with_wmi("<MessageID>HRESULT 0xnone</MessageID>").code, 0U);
    EXPECT_EQ(with_wmi("<MessageID>HRESULT</MessageID><CIMStatusCode>x</CIMStatusCode>").wmi_status,
              std::nullopt);
}

TEST(Fault, IsWrittenInTheShapesThatWindowsUses) {
    for (const char* name :
         {"windows/fault_command_gone", "windows/fault_shell_gone", "windows/fault_empty_command",
          "windows/fault_invalid_timeout", "windows/fault_operation_timeout"}) {
        const auto original = data_message(name);
        const auto fault = read_fault(original).value();
        const auto again = message_of(write_fault(other_id, message_id, "", fault));
        EXPECT_EQ(xml::canonical(message_of(write_fault("", "", "", read_fault(again).value())).body),
                  xml::canonical(again.body))
            << name;
        EXPECT_EQ(again.header.action, original.header.action);
    }
}

TEST(Fault, RecordedOnesSayTheSameWhenTheyAreWrittenAgain) {
    for (const char* name :
         {"windows/fault_command_gone", "windows/fault_shell_gone", "windows/fault_empty_command",
          "windows/fault_invalid_timeout", "windows/fault_operation_timeout", "opennms/get-response-fault"}) {
        const auto was = recorded(name);
        const auto is = read_fault(message_of(write_fault(other_id, message_id, was.machine, was))).value();
        EXPECT_EQ(is.code, was.code) << name;
        EXPECT_EQ(is.soap_code, was.soap_code) << name;
        EXPECT_EQ(is.subcode, was.subcode) << name;
        EXPECT_EQ(is.detail, was.detail) << name;
        EXPECT_EQ(is.reason, was.reason) << name;
        EXPECT_EQ(is.message, was.message) << name;
        EXPECT_EQ(is.machine, was.machine) << name;
        EXPECT_EQ(is.provider, was.provider) << name;
        EXPECT_EQ(is.provider_path, was.provider_path) << name;
        EXPECT_EQ(is.provider_code, was.provider_code) << name;
        EXPECT_EQ(is.provider_machine, was.provider_machine) << name;
        EXPECT_EQ(is.wmi_status, was.wmi_status) << name;
        EXPECT_EQ(is.action, was.action) << name;
    }
}

// Where we would answer the same request, the code alone gives what Windows answered.
TEST(Fault, FollowsFromTheCodeAsRecorded) {
    for (const char* name :
         {"windows/fault_command_gone", "windows/fault_shell_gone", "windows/fault_empty_command",
          "windows/fault_invalid_timeout", "windows/fault_operation_timeout", "opennms/get-response-fault"}) {
        const auto windows = recorded(name);
        const auto ours = make_fault(windows.code, windows.message, windows.provider);
        EXPECT_EQ(ours.soap_code, windows.soap_code) << name;
        EXPECT_EQ(ours.subcode, windows.subcode) << name;
        EXPECT_EQ(ours.detail, windows.detail) << name;
        EXPECT_EQ(ours.reason, windows.reason) << name;
        EXPECT_EQ(ours.provider_code, windows.provider_code) << name;
        if (!std::string(name).starts_with("windows")) continue;  // The other recording's action was edited.
        EXPECT_EQ(ours.action, windows.action) << name;
    }
}

TEST(Fault, WritesEveryCodeAndReadsItBack) {
    std::vector<std::uint32_t> codes = {0x80338FFF, 1, 0xFFFFFFFF};
#define MULLION_WSMAN_CODE(code, ...) codes.push_back(code);
#include "wsman/fault_codes.def"
#undef MULLION_WSMAN_CODE
    for (const auto code : codes) {
        const auto fault = make_fault(code, "what & why");
        const auto message = message_of(write_fault(other_id, message_id, "host.example", fault));
        ASSERT_TRUE(is_fault(message));
        const auto read = read_fault(message);
        ASSERT_TRUE(read.ok());
        EXPECT_EQ(read.value().code, code);
        EXPECT_EQ(read.value().soap_code, fault.soap_code);
        EXPECT_EQ(read.value().subcode, fault.subcode);
        EXPECT_EQ(read.value().detail, fault.detail);
        EXPECT_EQ(read.value().action, fault.action);
        EXPECT_EQ(read.value().message, "what & why");
        EXPECT_EQ(read.value().machine, "host.example");
        EXPECT_FALSE(read.value().reason.empty());
        // The prefix in the subcode's text means its namespace there.
        const auto value =
            message.body.first(ns::soap, "Code").first(ns::soap, "Subcode").first(ns::soap, "Value");
        if (value) {
            const auto text = value.trimmed();
            const auto prefix = text.substr(0, text.find(':'));
            EXPECT_EQ(value.namespace_of(prefix), std::string(space_of(prefix))) << text;
        }
    }
}

TEST(Fault, UnknownCodesAreInternalErrors) {
    const auto fault = make_fault(0x80331234);
    EXPECT_EQ(fault.soap_code, "Receiver");
    EXPECT_EQ(fault.subcode, "InternalError");
    EXPECT_EQ(fault.detail, "");
    EXPECT_EQ(fault.action, action::fault_wsman);
    EXPECT_NE(fault.reason.find("0x80331234"), std::string::npos);
    EXPECT_EQ(code_name(0x80331234), "");
}

TEST(Fault, TextsAreWhatClientsMatchOn) {
    EXPECT_EQ(make_fault(code::operation_timed_out).message,
              "The WS-Management service cannot complete the operation within the time specified in "
              "OperationTimeout.");
    EXPECT_EQ(make_fault(code::access_denied).message, "Access is denied.");
    EXPECT_EQ(
        quota_text(code::quota_operations, 15),
        "The WS-Management service cannot process the request. This user is allowed a maximum number of 15 "
        "concurrent operations, which has been exceeded. Close existing operations for this user, or raise "
        "the "
        "quota for this user.");
    EXPECT_NE(quota_text(code::quota_shells, 30).find("maximum number of 30 concurrent shells"),
              std::string::npos);
}

TEST(Fault, TableHasTheRowsThatTheHouseUses) {
    EXPECT_EQ(code_name(code::unexpected_selectors), "ERROR_WSMAN_UNEXPECTED_SELECTORS");
    EXPECT_EQ(code_name(code::idle_timeout_out_of_range), "ERROR_WINRS_IDLETIMEOUT_OUTOFBOUNDS");
    EXPECT_EQ(code_name(0x80070005), "ERROR_ACCESS_DENIED");
    EXPECT_EQ(make_fault(code::quota_shells).subcode, "QuotaLimit");
    EXPECT_EQ(make_fault(code::quota_operations).subcode, "InternalError");
    EXPECT_EQ(make_fault(code::quota_plugin_first).subcode, "QuotaLimit");
    EXPECT_EQ(make_fault(code::header_required).action, action::fault_addressing);
    EXPECT_EQ(make_fault(code::must_understand).subcode, "");
    EXPECT_EQ(make_fault(code::must_understand).soap_code, "MustUnderstand");
    EXPECT_EQ(make_fault(code::invalid_enumeration_context).action, action::fault_enumeration);
}

ErrorId id_of(std::uint32_t code) {
    return to_error(make_fault(code)).id;
}

TEST(Fault, BecomesTheErrorThatAnOperatorReads) {
    EXPECT_EQ(id_of(code::access_denied), ErrorId::wsman_access_denied);
    for (const std::uint32_t quota : {0x803381A5U, 0x803381A6U, 0x803381A7U, 0x803381A8U, 0x803381ABU,
                                      0x803381E4U, 0x803381E7U, 0x803381EAU, 0x8033803FU})
        EXPECT_EQ(id_of(quota), ErrorId::wsman_quota);
    for (const std::uint32_t gone : {0x8033805BU, 0x8033814AU, 0x800703FAU})
        EXPECT_EQ(id_of(gone), ErrorId::wsman_shell_gone);
    EXPECT_EQ(id_of(code::operation_timed_out), ErrorId::wsman_timeout);
    EXPECT_EQ(id_of(0x803381EB), ErrorId::wsman_fault);
    EXPECT_EQ(id_of(code::busy), ErrorId::wsman_fault);

    const auto error = to_error(recorded("windows/fault_empty_command"));
    EXPECT_EQ(error.detail,
              "0x00000057 ERROR_INVALID_PARAMETER: The parameter is incorrect. (from Shell cmd plugin)");
    EXPECT_EQ(error.wsman_code, 87U);
    EXPECT_FALSE(error.advice.empty());
    EXPECT_NE(to_error(recorded("made/fault_wmi_error_only"))
                  .detail.find("0x803381A6 ERROR_WSMAN_QUOTA_MAX_OPERATIONS"),
              std::string::npos);
}

TEST(Fault, RefusesOtherMessages) {
    EXPECT_FALSE(is_fault(data_message("windows/create_response")));
    EXPECT_FALSE(read_fault(data_message("windows/create_response")).ok());
}

}  // namespace
}  // namespace mullion::wsman
