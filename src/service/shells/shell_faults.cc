#include "service/shells/shell_faults.h"

#include <cerrno>
#include <cstring>

#include <fmt/core.h>

#include "encoding/utf16.h"

namespace mullion::service {
namespace {

// Win32 codes as HRESULTs: what Windows' CreateProcess says in each case.
constexpr std::uint32_t directory_invalid = 0x8007010B;  // ERROR_DIRECTORY
constexpr std::uint32_t execute_denied = 0x80070005;     // ERROR_ACCESS_DENIED
constexpr std::uint32_t bad_format = 0x800700C1;         // ERROR_BAD_EXE_FORMAT

constexpr std::string_view command_shell = "Shell cmd plugin";
constexpr std::string_view command_shell_path = "%systemroot%\\system32\\winrscmd.dll";
constexpr std::string_view shell_provider = "Shell provider";
constexpr std::string_view shell_provider_path = "%systemroot%\\system32\\WsmSvc.dll";

// Clients look for these words (service-protocol: texts are API).
constexpr std::string_view no_such_command =
    "The Windows Remote Shell received a request to perform an operation on a command identifier that does "
    "not exist. "
    "Either the command has completed execution or the client specified an invalid command identifier. ";

// A name may have the size of an envelope.
std::string shown(std::string_view name) {
    constexpr std::size_t longest_shown = 64;
    return encoding::shortened(std::string(name.substr(0, name.find('\0'))), longest_shown);
}

wsman::Fault provided(std::uint32_t code, std::string_view message, std::string_view provider,
                      std::string_view path) {
    wsman::Fault fault = wsman::make_fault(code, std::string(message), std::string(provider));
    fault.provider_path = path;
    return fault;
}

}  // namespace

wsman::Fault shell_missing(std::string_view because) {
    auto fault = provided(wsman::code::unexpected_selectors, because, shell_provider, shell_provider_path);
    fault.provider_code = wsman::code::unexpected_selectors;
    return fault;
}

wsman::Fault command_missing() {
    return wsman::make_fault(wsman::code::unexpected_selectors, std::string(no_such_command));
}

wsman::Fault command_shell_fault(std::uint32_t code, std::string_view message) {
    return provided(code, message, command_shell, command_shell_path);
}

wsman::Fault variable_denied(std::string_view name) {
    return command_shell_fault(
        execute_denied,
        fmt::format("Access is denied. (The environment variable \"{}\" would load code into commands: leave "
                    "it out, or set it in the command itself.)",
                    shown(name)));
}

wsman::Fault variable_impossible(std::string_view name) {
    return command_shell_fault(
        wsman::code::invalid_parameter,
        fmt::format(
            "The parameter is incorrect. (The environment variable \"{}\": a name is not empty and has "
            "no '=', and neither name nor value has a NUL.)",
            shown(name)));
}

wsman::Fault quota_fault(std::uint32_t code, std::uint64_t limit) {
    return wsman::make_fault(code, wsman::quota_text(code, limit));
}

wsman::Fault start_fault(const StartFailure& failure) {
    if (failure.step == "open the PAM session")
        return command_shell_fault(execute_denied,
                                   "Access is denied. (PAM refused a session; the service's log says why.)");
    if (failure.step == "change directory")
        return command_shell_fault(directory_invalid, "The directory name is invalid. ");
    switch (failure.error) {
        case ENOENT:
            return command_shell_fault(wsman::code::file_not_found,
                                       "The system cannot find the file specified. ");
        case ENOTDIR:
            return command_shell_fault(wsman::code::file_not_found,
                                       "The system cannot find the file specified. ");
        case E2BIG:
            return command_shell_fault(wsman::code::command_too_long,
                                       "The filename or extension is too long. ");
        case ENOEXEC:
            return command_shell_fault(bad_format, "The file is not a valid application. ");
        case EAGAIN:
        case ENOMEM:
        case EMFILE:
        case ENFILE:  // Not the command's doing, nor this user's: there is no room for another process.
            return wsman::make_fault(wsman::code::quota_system,
                                     fmt::format("{} The command could not be started: {}: {}. ",
                                                 wsman::code_text(wsman::code::quota_system), failure.step,
                                                 std::strerror(failure.error)));
        case EACCES:
        case EPERM:
            return command_shell_fault(execute_denied, fmt::format("Access is denied. ({})", failure.step));
        default:
            return command_shell_fault(wsman::code::internal_error,
                                       fmt::format("The command could not be started: {}: {}. ", failure.step,
                                                   std::strerror(failure.error)));
    }
}

}  // namespace mullion::service
