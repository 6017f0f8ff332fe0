// What an operator is told of a fault.
#include <fmt/format.h>

#include "wsman/cim/names.h"
#include "wsman/fault.h"

namespace mullion::wsman {

namespace {

bool is_quota(std::uint32_t code) {
    switch (code) {
        case code::quota_limit:
        case code::quota_shells:
        case code::quota_operations:
        case code::quota_user:
        case code::quota_system:
        case code::quota_shell_users:
            return true;
        default:
            return code >= code::quota_plugin_first && code <= code::quota_plugin_last;
    }
}

ErrorId id_of(const Fault& fault) {
    switch (fault.code) {
        case code::access_denied:
        case 0x80070005:  // The same as an HRESULT.
        case 0x80338104:  // WMI's own denials.
        case 0x80338106:
            return ErrorId::wsman_access_denied;
        case code::unexpected_selectors:
        case code::shell_already_closed:
        case code::command_already_closed:
        case code::registry_key_gone:
            return ErrorId::wsman_shell_gone;
        case code::operation_timed_out:
            return ErrorId::wsman_timeout;
        case 0:
            break;
        default:
            return is_quota(fault.code) ? ErrorId::wsman_quota : ErrorId::wsman_fault;
    }
    // Without a code the subcode says as much.
    if (fault.subcode == "AccessDenied") return ErrorId::wsman_access_denied;
    if (fault.subcode == "QuotaLimit") return ErrorId::wsman_quota;
    if (fault.subcode == "TimedOut") return ErrorId::wsman_timeout;
    return ErrorId::wsman_fault;
}

std::string named(std::uint32_t code) {
    const auto name = code_name(code);
    return name.empty() ? fmt::format("0x{:08X}", code) : fmt::format("0x{:08X} {}", code, name);
}

std::string detail_of(const Fault& fault) {
    std::string what;
    if (fault.code != 0)
        what = named(fault.code);
    else
        what = fault.subcode.empty() ? "fault " + fault.soap_code : "fault " + fault.subcode;
    const auto& text = fault.message.empty() ? fault.reason : fault.message;
    if (!text.empty()) what += ": " + text;
    if (!fault.provider.empty()) {
        what += " (from " + fault.provider;
        if (fault.provider_code && *fault.provider_code != fault.code)
            what += ", " + named(*fault.provider_code);
        what += ")";
    }
    return what;
}

std::string_view advice_of(std::uint32_t code) {
    switch (code) {
        case code::invalid_parameter:
            return "An empty command is refused in this way.";
        case code::busy:
            return "The process has not taken the input sent before; try again.";
        case code::file_not_found:
            return "The program was not found on the host: check its name, or give its full path.";
        case code::command_too_long:
            return "The command line is too long for the host: start an interpreter and give it the text by "
                   "--stdin.";
        case code::resource_not_found:
            return "The host does not have that resource: check its URI and selectors.";
        case cim::code::not_of_dmtf:
        case cim::code::dmtf_version:
            return "Name the class by Windows' own URI, "
                   "http://schemas.microsoft.com/wbem/wsman/1/wmi/NAMESPACE/CLASS, "
                   "or its namespace with the selector __cimnamespace.";
        case cim::code::namespace_differs:
            return "Leave out the selector __cimnamespace: the resource URI names the namespace.";
        case code::response_too_large:
        case code::service_envelope_limit:
            return "The answer does not fit: raise MaxEnvelopeSizekb on the host.";
        case code::code_page_not_supported:
            return "Choose another code page with --codepage.";
        case code::quota_shells:
            return "On the host: winrm set winrm/config/winrs @{MaxShellsPerUser=\"N\"} raises this quota.";
        case code::quota_operations:
            return "On the host: winrm set winrm/config/service @{MaxConcurrentOperationsPerUser=\"N\"} "
                   "raises this "
                   "quota.";
        case code::quota_shell_users:
            return "On the host: winrm set winrm/config/winrs @{MaxConcurrentUsers=\"N\"} raises this quota.";
        case code::shells_not_allowed:
            return "On the host: winrm set winrm/config/winrs @{AllowRemoteShellAccess=\"true\"} allows "
                   "shells.";
        case code::remote_access_disabled:
            return "On the host: Enable-PSRemoting or winrm quickconfig allows it.";
        case code::idle_timeout_out_of_range:
            return "winrm get winrm/config/winrs on the host shows IdleTimeout, the longest one allowed.";
        default:
            return {};
    }
}

}  // namespace

Error to_error(const Fault& fault) {
    Error error(id_of(fault), detail_of(fault));
    if (fault.code != 0) error.wsman_code = fault.code;
    if (const auto advice = advice_of(fault.code); !advice.empty()) error.advice.emplace_back(advice);
    return error;
}

}  // namespace mullion::wsman
