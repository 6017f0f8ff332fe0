#include "service/shells/command_line.h"

#include <cerrno>

#include "os/spawn_messages.h"
#include "service/shells/command_backend.h"
#include "service/shells/shell_faults.h"

namespace mullion::service {
namespace {

// What the monitor's message needs beside the words (user, directory, lengths).
constexpr std::size_t message_overhead = 16 * 1024;

// For the monitor: an absolute path, or a bare name, which the user looks for on his PATH himself. This
// process looks at no path of anybody's: one through many symbolic links takes the kernel minutes, for which
// everybody else would wait.
std::string resolve(const Shell& shell, const std::string& program) {
    const bool relative = program.find('/') != std::string::npos && program.front() != '/';
    if (!relative) return program;
    return shell.working_directory.empty() ? std::string() : shell.working_directory + "/" + program;
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
