// Every URI and number of the wire, once, beside the clause it comes from.
#pragma once

#include <string_view>

namespace mullion::wsman {

namespace ns {  // [MS-WSMV] 2.2.1, DSP0226 2
inline constexpr std::string_view soap = "http://www.w3.org/2003/05/soap-envelope";
inline constexpr std::string_view soap11 = "http://schemas.xmlsoap.org/soap/envelope/";  // Refused.
inline constexpr std::string_view addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
inline constexpr std::string_view wsman = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd";
inline constexpr std::string_view wsmv = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd";
inline constexpr std::string_view shell = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell";
inline constexpr std::string_view transfer = "http://schemas.xmlsoap.org/ws/2004/09/transfer";
inline constexpr std::string_view enumeration = "http://schemas.xmlsoap.org/ws/2004/09/enumeration";
inline constexpr std::string_view eventing = "http://schemas.xmlsoap.org/ws/2004/08/eventing";
inline constexpr std::string_view identify =
    "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd";
inline constexpr std::string_view fault = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault";
inline constexpr std::string_view binding = "http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd";
inline constexpr std::string_view wmi_error =
    "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/MSFT_WmiError";
inline constexpr std::string_view xml = "http://www.w3.org/XML/1998/namespace";
}  // namespace ns

namespace action {
inline constexpr std::string_view get = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get";
inline constexpr std::string_view put = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Put";
inline constexpr std::string_view create = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Create";
inline constexpr std::string_view remove = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Delete";
inline constexpr std::string_view enumerate = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate";
inline constexpr std::string_view pull = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/Pull";
inline constexpr std::string_view release = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/Release";
inline constexpr std::string_view command = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Command";
inline constexpr std::string_view receive = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Receive";
inline constexpr std::string_view send = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Send";
inline constexpr std::string_view signal = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Signal";
inline constexpr std::string_view connect = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Connect";
inline constexpr std::string_view disconnect =
    "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Disconnect";
inline constexpr std::string_view reconnect =
    "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Reconnect";
// The answer's action is the request's with this behind it.
inline constexpr std::string_view response_suffix = "Response";
// Faults have an action of their family.
inline constexpr std::string_view fault_addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing/fault";
inline constexpr std::string_view fault_wsman = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault";
inline constexpr std::string_view fault_enumeration =
    "http://schemas.xmlsoap.org/ws/2004/09/enumeration/fault";
inline constexpr std::string_view fault_eventing = "http://schemas.xmlsoap.org/ws/2004/08/eventing/fault";
inline constexpr std::string_view fault_transfer = "http://schemas.xmlsoap.org/ws/2004/09/transfer/fault";
}  // namespace action

namespace resource {  // Command shells live at command_shell; Get and Enumerate look at them at shells.
inline constexpr std::string_view command_shell =
    "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd";
inline constexpr std::string_view shells = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell";
inline constexpr std::string_view shell_commands =
    "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Command";
inline constexpr std::string_view config = "http://schemas.microsoft.com/wbem/wsman/1/config";
}  // namespace resource

namespace dialect {
inline constexpr std::string_view selector = "http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter";
inline constexpr std::string_view wql = "http://schemas.microsoft.com/wbem/wsman/1/WQL";
inline constexpr std::string_view association =  // DSP0227 7
    "http://schemas.dmtf.org/wbem/wsman/1/cimbinding/AssociationFilter";
inline constexpr std::string_view xpath = "http://www.w3.org/TR/1999/REC-xpath-19991116";  // DSP0226 7.2
}  // namespace dialect

// Options of command shells. [MS-WSMV] 2.2.4.29, 3.1.4.5.2, 3.1.4.11, 3.1.4.14
namespace option {
inline constexpr std::string_view no_profile = "WINRS_NOPROFILE";
inline constexpr std::string_view code_page = "WINRS_CODEPAGE";
inline constexpr std::string_view console_mode_stdin = "WINRS_CONSOLEMODE_STDIN";
inline constexpr std::string_view skip_cmd_shell = "WINRS_SKIP_CMD_SHELL";
inline constexpr std::string_view keep_alive = "WSMAN_CMDSHELL_OPTION_KEEPALIVE";
}  // namespace option

inline constexpr std::string_view shell_id_selector = "ShellId";
// What w:FaultDetail, CommandState/@State and Signal/Code begin with. [MS-WSMV] 2.2.4.43, 2.2.4.10, 2.2.4.38
inline constexpr std::string_view fault_detail_prefix =
    "http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/";
inline constexpr std::string_view command_state_prefix =
    "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/";
inline constexpr std::string_view signal_prefix =
    "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/";
// PowerShell's own signal is crtl_c, misspelt; pypsrp sends the word spelt right. [MS-PSRP] 3.1.5.3.9
inline constexpr std::string_view powershell_signal_prefix = "powershell/signal/";

inline constexpr std::string_view anonymous =
    "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous";
inline constexpr std::string_view content_type_utf8 = "application/soap+xml;charset=UTF-8";
inline constexpr std::string_view content_type_utf16 = "application/soap+xml;charset=UTF-16";

inline constexpr unsigned default_max_envelope_size = 153'600;  // Bytes; what every host since 2008 R2 takes.
inline constexpr unsigned minimum_envelope_size = 8'192;        // [MS-WSMV] 3.1.4.1.2

}  // namespace mullion::wsman
