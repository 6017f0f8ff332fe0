#include "cli/monitor_start.h"

#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "cli/programs.h"
#include "os/seqpacket.h"

namespace mullion::cli {
namespace {

constexpr int monitor_socket = 3;

}  // namespace

Result<StartedMonitor> start_monitor(const std::string& state_directory,
                                     const std::optional<os::PamService>& pam) {
    MULLION_ASSIGN(const std::string program, find_program(monitor_program));
    MULLION_ASSIGN(auto ends, os::make_seqpacket_pair());
    posix_spawn_file_actions_t actions;
    if (const int problem = posix_spawn_file_actions_init(&actions); problem != 0)
        return os::system_error(ErrorId::serve_monitor, "prepare " + program, problem);
    // Close-on-exec everywhere else: descriptors of this process are none of the monitor's business.
    int problem = posix_spawn_file_actions_adddup2(&actions, ends.second.get(), monitor_socket);
    std::vector<const char*> words{monitor_program, "--state", state_directory.c_str()};
    const std::string seconds = pam ? std::to_string(pam->patience.count() / 1000) : std::string();
    if (pam) words.insert(words.end(), {"--pam", pam->name.c_str(), seconds.c_str()});
    words.push_back(nullptr);
    // In a group of its own: Ctrl-C is for this process, which then ends the monitor in order.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    pid_t pid = -1;
    if (problem == 0)
        problem = posix_spawn(&pid, program.c_str(), &actions, &attributes,
                              const_cast<char* const*>(words.data()), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (problem != 0) return os::system_error(ErrorId::serve_monitor, "start " + program, problem);
    return StartedMonitor{pid, std::move(ends.first)};
}

void wait_for_monitor(pid_t pid, Duration patience) {
    const os::UniqueFd handle(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
    pollfd ended{handle.get(), POLLIN, 0};
    if (handle && poll(&ended, 1, static_cast<int>(patience.count())) == 1) waitpid(pid, nullptr, WNOHANG);
}

}  // namespace mullion::cli
