#include "cim/classes/process_methods.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <limits>

#include "cim/classes/common.h"

namespace mullion::cim {
namespace {

// "Create method of the Win32_Process class" and its like.
namespace code {
constexpr std::uint32_t success = 0;
constexpr std::uint32_t access_denied = 2;
constexpr std::uint32_t unknown_failure = 8;
constexpr std::uint32_t path_not_found = 9;
constexpr std::uint32_t invalid_parameter = 21;
}  // namespace code

constexpr std::size_t longest_command = 32'767;  // As on Windows.

MethodOutcome returned(std::uint32_t value) {
    return {Scalar(std::uint64_t{value}), {}, {}};
}

std::uint32_t code_of(int error) {
    switch (error) {
        case 0:
            return code::success;
        case EACCES:
        case EPERM:
            return code::access_denied;
        case ENOENT:
        case ENOTDIR:
        case ELOOP:
        case ENAMETOOLONG:
            return code::path_not_found;
        case EINVAL:
            return code::invalid_parameter;
        default:
            return code::unknown_failure;
    }
}

// The program, where its path is said and the shell reads nothing else into it. What is looked for in PATH,
// and what is the shell's own, only the shell knows.
std::optional<std::string> said_path(std::string_view command, const std::string& folder) {
    const auto start = command.find_first_not_of(" \t");
    if (start == std::string_view::npos) return std::nullopt;
    command.remove_prefix(start);
    const auto word = command.substr(0, command.find_first_of(" \t"));
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@%,";
    if (word.find('/') == std::string_view::npos || word.find_first_not_of(plain) != std::string_view::npos)
        return std::nullopt;
    if (word.starts_with('/') || folder.empty()) return std::string(word);
    return folder + "/" + std::string(word);
}

// A shell that cannot run its command is a process all the same, which has ended before anybody looks: said
// here, as Windows says it.
std::uint32_t look_at(const std::string& path) {
    struct stat status = {};
    if (::stat(path.c_str(), &status) != 0) return code_of(errno);
    if (!S_ISREG(status.st_mode) || ::faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) != 0)
        return code::access_denied;
    return code::success;
}

}  // namespace

MethodOutcome create_process(const Machine& machine, const MethodCall& call) {
    const auto command = call.text("CommandLine").value_or("");
    const auto folder = call.text("CurrentDirectory").value_or("");
    if (command.find_first_not_of(" \t\r\n") == std::string::npos || command.size() > longest_command)
        return returned(code::invalid_parameter);
    if (!machine.start) return returned(code::unknown_failure);
    if (const auto path = said_path(command, folder))
        if (const auto refused = look_at(*path); refused != code::success) return returned(refused);
    const auto started = machine.start(command, folder);
    if (started.error != 0) {
        // Without memory or processes left, it is neither the path nor the right.
        return returned(code_of(started.error));
    }
    auto outcome = returned(code::success);
    outcome.outputs.emplace_back("ProcessId", Scalar(started.process));
    return outcome;
}

MethodOutcome terminate_process(const Machine& machine, std::uint64_t process) {
    if (!machine.kill) return returned(code::unknown_failure);
    const int error = machine.kill(process);
    if (error == ESRCH) return {{}, {}, Fault{Fault::Kind::no_instance, fmt::format("process {}", process)}};
    return returned(code_of(error));
}

MethodOutcome owner_of_process(const Machine& machine, std::uint64_t process) {
    // The first of four: the real one.
    const auto uid = number_in(numbers_of(machine, fmt::format("/proc/{}/status", process)), "Uid");
    if (!uid || *uid > std::numeric_limits<std::uint32_t>::max() || !machine.user_name)
        return returned(code::unknown_failure);
    const auto name = machine.user_name(static_cast<std::uint32_t>(*uid));
    auto outcome = returned(code::success);
    // Of a container's user there may be no name here: its number is what ls shows, too.
    outcome.outputs.emplace_back("User", Scalar(readable(name ? *name : fmt::format("{}", *uid))));
    Value domain;
    if (const auto computer = host_name(machine)) domain = Scalar(*computer);
    outcome.outputs.emplace_back("Domain", std::move(domain));
    return outcome;
}

}  // namespace mullion::cim
