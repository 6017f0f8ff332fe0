#include "cli/winrm_report.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>

#include "cli/masking.h"
#include "cli/namesake_words.h"
#include "cli/report_text.h"
#include "cli/terminal_text.h"
#include "cli/write_all.h"
#include "winrm/output.h"
#include "wsman/fault.h"
#include "wsman/uris.h"
#include "xml/writer.h"

namespace mullion::cli {
namespace {

constexpr std::uint32_t access_denied = 0x80070005;  // E_ACCESSDENIED
constexpr std::uint32_t cannot_connect = 0x80338012;
constexpr std::uint32_t network_timeout = 0x80338126;
constexpr std::uint32_t secure_failure = 0x80072F8F;  // ERROR_WINHTTP_SECURE_FAILURE

std::string fit_for(int descriptor, std::string_view text) {
    if (::isatty(descriptor) == 0) return std::string(text);
    TerminalText terminal(false);
    auto fit = terminal.add(text);
    return fit + terminal.flush();
}

// The element that Windows formats: the fault's own detail, or else all of it.
std::string fault_document(const wsman::Message& answer) {
    const auto detail = answer.body.first(wsman::ns::soap, "Detail");
    const auto fault = detail.first(wsman::ns::fault, "WSManFault");
    return fault ? fault.to_xml() : answer.body.to_xml();
}

// A failure that no host described, in the same form.
std::string made_document(const Error& error, std::uint32_t code) {
    xml::Writer writer;
    writer.open("f:WSManFault").declare("f", wsman::ns::fault).attribute("Code", std::to_string(code));
    return writer.attribute("Machine", error.host).element("f:Message", error.message()).close().take();
}

std::uint32_t code_of(const wsman::Fault& fault, const Error& error) {
    if (fault.code != 0) return fault.code;
    return windows_code(error).value_or(wsman::code::internal_error);
}

}  // namespace

std::optional<std::uint32_t> windows_code(const Error& error) {
    if (error.wsman_code && *error.wsman_code != 0) return error.wsman_code;
    switch (error.id) {
        case ErrorId::net_refused:
        case ErrorId::http_not_found:
        case ErrorId::http_not_winrm:
            return cannot_connect;
        case ErrorId::net_name:
        case ErrorId::net_timeout:
        case ErrorId::net_unreachable:
        case ErrorId::net_closed:
        case ErrorId::net_read_timeout:
        case ErrorId::run_unknown:
            return network_timeout;
        case ErrorId::auth_rejected:
        case ErrorId::wsman_access_denied:
            return access_denied;
        case ErrorId::wsman_timeout:
            return wsman::code::operation_timed_out;
        case ErrorId::wsman_quota:
            return wsman::code::quota_limit;
        case ErrorId::tls_untrusted:
        case ErrorId::tls_name:
        case ErrorId::tls_expired:
        case ErrorId::tls_revoked:
        case ErrorId::tls_handshake:
        case ErrorId::tls_not_tls:
            return secure_failure;
        default:
            return std::nullopt;
    }
}

std::string failure_text(const Error& error, const wsman::Message* answer, winrm::Format format) {
    if (answer != nullptr) {
        if (const auto fault = wsman::read_fault(*answer); fault.ok()) {
            const auto code = code_of(*fault, error);
            auto text = fault->reason.empty() ? fault->message : fault->reason;
            if (text.empty()) text = wsman::code_text(code);
            return winrm::fault_printed(fault_document(*answer), format, code, text) +
                   causes_and_advice(error, in_namesake_words);
        }
    }
    const auto code = windows_code(error);
    if (!code) return "Error: " + describe(error, in_namesake_words);
    return winrm::fault_printed(made_document(error, *code), format, *code, error.message()) +
           causes_and_advice(error, in_namesake_words);
}

bool WinrmOutput::print(std::string_view text) {
    if (problem_ != 0) return false;
    errno = 0;
    if (!write_all(STDOUT_FILENO, fit_for(STDOUT_FILENO, masked(std::string(text)))))
        problem_ = errno != 0 ? errno : EIO;
    return problem_ == 0;
}

void WinrmOutput::complain(std::string_view text) {
    (void)write_all(STDERR_FILENO, fit_for(STDERR_FILENO, masked(std::string(text))));
}

int refuse_words(const Error& error) {
    std::string text = error.id == ErrorId::usage_invalid ? error.detail : "Error: " + error.message();
    for (const auto& line : error.id == ErrorId::usage_invalid ? error.advice : error.all_advice())
        if (const auto worded = in_namesake_words(line); !worded.empty()) text += "\n  " + worded;
    WinrmOutput().complain(text + "\n");
    return 1;
}

}  // namespace mullion::cli
