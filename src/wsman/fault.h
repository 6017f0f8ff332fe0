// SOAP faults with their WSMan detail, both ends. The SOAP code, subcode, detail and action are a pure
// function of the WSMan code (table in fault_table.cc). [MS-WSMV] 2.2.4.43, DSP0226 14.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/result.h"
#include "wsman/envelope.h"

namespace mullion::wsman {

namespace code {                                        // wsmerror.h; those that we produce or decide on.
inline constexpr std::uint32_t access_denied = 5;       // ERROR_ACCESS_DENIED
inline constexpr std::uint32_t invalid_parameter = 87;  // ERROR_INVALID_PARAMETER
inline constexpr std::uint32_t broken_pipe = 109;       // ERROR_BROKEN_PIPE
inline constexpr std::uint32_t busy = 170;              // ERROR_BUSY
inline constexpr std::uint32_t aborted = 995;           // ERROR_OPERATION_ABORTED
inline constexpr std::uint32_t internal_error = 1359;   // ERROR_INTERNAL_ERROR
inline constexpr std::uint32_t file_not_found = 0x80070002;
inline constexpr std::uint32_t command_too_long = 0x800700CE;
inline constexpr std::uint32_t registry_key_gone = 0x800703FA;  // Windows' shell host went away.
inline constexpr std::uint32_t resource_not_found = 0x80338000;
inline constexpr std::uint32_t soap_version_mismatch = 0x8033800D;
inline constexpr std::uint32_t invalid_message_header = 0x8033800F;
inline constexpr std::uint32_t must_understand = 0x80338010;
inline constexpr std::uint32_t header_required = 0x80338011;
inline constexpr std::uint32_t action_not_supported = 0x80338013;
inline constexpr std::uint32_t filtering_not_supported = 0x80338018;
inline constexpr std::uint32_t invalid_enumeration_context = 0x8033801B;
inline constexpr std::uint32_t operation_timed_out = 0x80338029;
inline constexpr std::uint32_t unsupported_encoding = 0x8033802C;
inline constexpr std::uint32_t invalid_options = 0x80338039;
inline constexpr std::uint32_t quota_limit = 0x8033803F;
inline constexpr std::uint32_t schema_validation = 0x80338041;
inline constexpr std::uint32_t unsupported_feature = 0x80338042;
inline constexpr std::uint32_t invalid_xml = 0x80338043;
inline constexpr std::uint32_t response_too_large = 0x80338048;  // … for what the request allows.
inline constexpr std::uint32_t service_envelope_limit = 0x80338049;
inline constexpr std::uint32_t options_not_supported = 0x80338051;
inline constexpr std::uint32_t invalid_option_value = 0x80338053;
inline constexpr std::uint32_t insufficient_selectors = 0x8033805A;
inline constexpr std::uint32_t unexpected_selectors = 0x8033805B;  // The shell (or command) is gone.
inline constexpr std::uint32_t duplicate_selectors = 0x8033805F;
inline constexpr std::uint32_t addressing_mode = 0x80338076;
inline constexpr std::uint32_t fragment_not_supported = 0x80338077;
inline constexpr std::uint32_t minimum_envelope = 0x8033807E;
inline constexpr std::uint32_t invalid_timeout = 0x80338081;
inline constexpr std::uint32_t locale_must_understand = 0x80338087;
inline constexpr std::uint32_t code_page_not_supported = 0x80338140;
inline constexpr std::uint32_t shell_already_closed = 0x8033814A;
inline constexpr std::uint32_t command_already_closed = 0x8033814F;
inline constexpr std::uint32_t invalid_input_stream = 0x8033818B;
inline constexpr std::uint32_t invalid_desired_streams = 0x8033818D;
inline constexpr std::uint32_t quota_shells = 0x803381A5;
inline constexpr std::uint32_t quota_operations = 0x803381A6;
inline constexpr std::uint32_t quota_user = 0x803381A7;
inline constexpr std::uint32_t quota_system = 0x803381A8;
inline constexpr std::uint32_t quota_shell_users = 0x803381AB;
inline constexpr std::uint32_t shells_not_allowed = 0x803381AC;
inline constexpr std::uint32_t filter_expected = 0x803381C0;
inline constexpr std::uint32_t command_id_not_guid = 0x803381D4;
inline constexpr std::uint32_t shell_id_not_guid = 0x803381D5;
inline constexpr std::uint32_t command_id_conflict = 0x803381D6;
inline constexpr std::uint32_t shell_id_conflict = 0x803381D7;
inline constexpr std::uint32_t remote_access_disabled = 0x803381DD;
inline constexpr std::uint32_t quota_plugin_first = 0x803381E4;  // … to quota_plugin_last: per plugin.
inline constexpr std::uint32_t quota_plugin_last = 0x803381EA;
inline constexpr std::uint32_t idle_timeout_out_of_range = 0x803381F2;
}  // namespace code

// A fault as read, or to be written.
struct Fault {
    std::uint32_t code = 0;  // WSMan code; 0 when the fault carries none.
    std::string soap_code;   // "Sender", "Receiver", "MustUnderstand", "VersionMismatch"
    std::string subcode;     // Local name: "InvalidSelectors"
    std::string detail;      // Last segment of w:FaultDetail: "UnexpectedSelectors"
    std::string reason;      // s:Text
    std::string message;     // Innermost f:Message, or MSFT_WmiError's Message.
    std::string machine;
    std::string provider;  // f:ProviderFault/@provider
    std::string provider_path;
    std::optional<std::uint32_t> provider_code;  // f:WSManFault inside the provider fault.
    std::string provider_machine;
    std::optional<std::uint32_t> wmi_status;  // MSFT_WmiError/CIMStatusCode
    std::string action;                       // a:Action that carried it.
};

// A Receive that had nothing to say within OperationTimeout: ask again. Takes w:TimedOut without a code as
// well.
[[nodiscard]] bool is_operation_timeout(const Fault&);

// True when the body is s:Fault.
[[nodiscard]] bool is_fault(const Message&);
[[nodiscard]] Result<Fault> read_fault(const Message&);

// A fault of our own: everything but `message` follows from the code. An empty message takes the code's text.
// Texts are API (clients match on them): "The WS-Management service cannot complete the operation within the
// time specified in OperationTimeout." and the like.
[[nodiscard]] Fault make_fault(std::uint32_t code, std::string message = {}, std::string provider = {});
[[nodiscard]] std::string write_fault(std::string_view message_id, std::string_view relates_to,
                                      std::string_view machine, const Fault&);

// The generic text of a code, as Windows puts it into s:Reason where clients match on it.
[[nodiscard]] std::string code_text(std::uint32_t code);
// The text of a quota fault with its number: "... a maximum number of 15 concurrent operations ...".
[[nodiscard]] std::string quota_text(std::uint32_t code, std::uint64_t limit);

// ERROR_WSMAN_… name; empty for a code that we do not know.
[[nodiscard]] std::string_view code_name(std::uint32_t code);

// The failure that an operator is told: id by code (access_denied → wsman.access_denied, quotas →
// wsman.quota …), code, name, text, provider's text.
[[nodiscard]] Error to_error(const Fault&);

}  // namespace mullion::wsman
