#include "service/command_line.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "os/spawn_messages.h"
#include "service/command_backend.h"
#include "service/shell_faults.h"

namespace mullion::service {
namespace {

// What the monitor's message needs beside the words (user, directory, lengths).
constexpr std::size_t message_overhead = 16 * 1024;
constexpr std::string_view default_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

bool is_program(const std::string& path) {
    struct stat facts {};
    return stat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode) && access(path.c_str(), X_OK) == 0;
}

std::string search(std::string_view path, const std::string& program) {
    while (!path.empty()) {
        const auto colon = path.find(':');
        const auto folder = path.substr(0, colon);
        path.remove_prefix(colon == std::string_view::npos ? path.size() : colon + 1);
        if (folder.empty() || folder.front() != '/') continue;
        std::string candidate = std::string(folder) + "/" + program;
        if (is_program(candidate)) return candidate;
    }
    return {};
}

// An absolute path for the monitor; empty when there is no such program. A path that is given is taken as it
// is: the account may see what this process may not.
std::string resolve(const Shell& shell, const std::string& program) {
    if (program.empty()) return {};
    if (program.front() == '/') return program;
    if (program.find('/') != std::string::npos)
        return shell.working_directory.empty() ? std::string() : shell.working_directory + "/" + program;
    std::string_view path = default_path;
    for (const auto& [name, value] : shell.environment)
        if (name == "PATH") path = value;
    return search(path, program);
}

bool too_long(const Shell& shell, const std::vector<std::string>& argv) {
    std::size_t total = message_overhead + shell.working_directory.size();
    for (const auto& word : argv) {
        if (word.size() > os::spawn_argument_bytes) return true;
        total += word.size() + 8;
    }
    for (const auto& [name, value] : shell.environment) total += name.size() + value.size() + 16;
    return argv.size() > os::spawn_argument_limit || total > os::spawn_message_limit;
}

}  // namespace

Outcome<std::vector<std::string>> command_argv(const Shell& shell, const wsman::RunCommand& what) {
    std::vector<std::string> argv;
    if (what.skip_cmd_shell.value_or(false)) {
        argv.push_back(resolve(shell, what.command));
        argv.insert(argv.end(), what.arguments.begin(), what.arguments.end());
        if (argv.front().empty()) return start_fault({ENOENT, "execute"});
    } else {
        std::string line = what.command;
        for (const auto& argument : what.arguments) line += " " + argument;
        argv = {"/bin/sh", "-c", std::move(line)};
    }
    for (const auto& word : argv)
        if (word.find('\0') != std::string::npos) return command_shell_fault(wsman::code::invalid_parameter);
    if (too_long(shell, argv)) return start_fault({E2BIG, "execute"});
    return argv;
}

Outcome<std::vector<std::string>> CommandBackend::command_words(const Shell& shell,
                                                                const wsman::RunCommand& what) {
    return command_argv(shell, what);
}

}  // namespace mullion::service
