// What is told of a shell. [MS-WSMV] 2.2.4.37; which answer tells what is as recorded.
#include <algorithm>

#include "service/shells/shell_operation.h"
#include "service/shells/shells.h"
#include "wsman/uris.h"

namespace mullion::service {
namespace {

// As Windows does: an account of the machine has the machine's name before it. What has a domain already
// ("alice@EXAMPLE.TEST", "Unix User\\alice") keeps that: in names of the machine's own accounts is neither.
std::string owner_of(const Shell& shell, const std::string& machine) {
    if (shell.owner.find_first_of("\\@") != std::string::npos) return shell.owner;
    return machine + "\\" + shell.owner;
}

}  // namespace

net::Task<Outcome<wsman::ShellInfo>> Shells::get(Visit visit, std::string shell_id) {
    auto operation = begin(visit, shell_id);
    if (!operation.ok()) co_return operation.fault();
    co_return describe_fully(*operation.value().shell());
}

wsman::ShellInfo Shells::describe(const Shell& shell) const {
    const auto since = [&](MonotonicTime when) {
        return std::chrono::duration_cast<Duration>(clock_.now() - when);
    };
    wsman::ShellInfo info;
    info.shell_id = shell.id;
    info.resource_uri = wsman::resource::command_shell;
    info.owner = owner_of(shell, machine_);
    info.client_ip = shell.client_ip;
    info.idle_timeout = shell.idle_timeout;
    info.input_streams = shell.input_streams;
    info.output_streams = shell.output_streams;
    info.run_time = since(shell.created);
    info.inactivity = since(shell.last_used);
    // The environment is not told again: secrets travel in it.
    info.working_directory = shell.working_directory;
    return info;
}

// No ProcessId: Windows' is that of the process that hosts the shell, and here there is none. No MemoryUsed:
// this process cannot know.
wsman::ShellInfo Shells::describe_fully(const Shell& shell) const {
    wsman::ShellInfo info = describe(shell);
    info.name = shell.name;
    info.max_idle_timeout = longest_idle;
    info.locale = shell.locale;
    info.data_locale = shell.data_locale;
    info.compression_mode = "NoCompression";
    info.profile_loaded = shell.profile_loaded ? "Yes" : "No";
    info.encoding = shell.utf16 ? "UTF16" : "UTF8";
    info.buffer_mode = "Block";
    info.state = "Connected";
    info.child_processes =
        std::to_string(std::count_if(shell.commands.begin(), shell.commands.end(),
                                     [](const auto& command) { return !command->exited(); }));
    return info;
}

}  // namespace mullion::service
