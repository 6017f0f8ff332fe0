// mullion-monitor --state DIR [--pam SERVICE SECONDS], with the network process on descriptor 3. Started by
// `mullion serve`, not by people.
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "monitor/keeper.h"
#include "monitor/loop.h"
#include "monitor/memory_groups.h"
#include "os/file.h"
#include "os/harden.h"
#include "os/pam_service.h"
#include "os/seqpacket.h"
#include "os/signals.h"

namespace {

constexpr int socket_descriptor = 3;

// What a terminal sends to everyone in front of it is the network process's to judge; it ends us by closing.
// A log that may not grow any more (ulimit -f) is an error of write().
void leave_terminal_signals() {
    for (const int number : {SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE, SIGXFSZ})
        ::signal(number, SIG_IGN);
}

// The same for each start on that directory, and no other's.
std::string name_of(const std::string& directory) {
    struct stat about {};
    if (::stat(directory.c_str(), &about) != 0) return "unknown";
    return fmt::format("{:x}-{:x}", about.st_dev, about.st_ino);
}

// The exit status. Comes back twice: in the monitor and, later, in its keeper.
mullion::Result<int> watch(const std::string& directory, std::optional<mullion::os::PamService> pam,
                           mullion::Logger& log) {
    using namespace mullion;
    // What the parent may have left open would be there for as long as we are.
    if (::close_range(socket_descriptor + 1, ~0U, 0) != 0)
        return os::system_error(ErrorId::serve_monitor, "close descriptors", errno);
    MULLION_TRY(os::harden_process());
    leave_terminal_signals();
    // Whoever made the socket pair must be our parent; ids come from the kernel, not from a message.
    MULLION_ASSIGN(const os::Peer peer, os::peer_of(socket_descriptor));
    if (peer.pid != ::getppid() || peer.uid != ::geteuid()) {
        return Error(ErrorId::serve_monitor,
                     "descriptor 3 is not connected to the process that started this one");
    }
    MULLION_TRY(os::set_nonblocking(socket_descriptor));
    MULLION_ASSIGN(auto groups, monitor::GroupTable::make(os::spawn_processes_limit));
    const monitor::TicketFolders tickets;  // Its keeper knows the same name.
    auto memory = monitor::MemoryGroups::open(name_of(directory));
    log.info("MaxMemoryPerShellMB is kept {}", memory.describe());
    MULLION_ASSIGN(const std::optional<int> keeper_status,
                   monitor::part(groups, tickets, memory, socket_descriptor));
    if (keeper_status) return *keeper_status;
    MULLION_ASSIGN(const os::UniqueFd signals, os::make_signal_fd({SIGCHLD, SIGTERM}));
    monitor::Loop loop(socket_descriptor, signals.get(), monitor::Policy(directory), groups, tickets, memory,
                       std::move(pam), log);
    MULLION_TRY(loop.run());
    return 0;
}

// The words behind --pam. Nothing: they are wrong.
std::optional<mullion::os::PamService> pam_of(const char* name, const char* seconds) {
    unsigned patience = 0;
    const std::string_view text = seconds;
    const auto read = std::from_chars(text.begin(), text.end(), patience);
    if (read.ec != std::errc() || read.ptr != text.end() || patience == 0 || patience > 3600)
        return std::nullopt;
    if (!mullion::os::is_pam_service_name(name) || ::geteuid() != 0) return std::nullopt;
    return mullion::os::PamService{name, std::chrono::seconds(patience)};
}

}  // namespace

int main(int count, char** words) {
    const bool asks_pam = count == 6 && std::string_view(words[3]) == "--pam";
    auto pam = asks_pam ? pam_of(words[4], words[5]) : std::nullopt;
    if ((count != 3 && !pam) || std::string_view(words[1]) != "--state") {
        std::fputs("mullion-monitor is started by `mullion serve`.\n", stderr);
        return 5;
    }
    const auto log = mullion::stderr_logger(mullion::LogLevel::info);
    const auto ended = watch(words[2], std::move(pam), *log);
    if (ended.ok()) return *ended;
    log->error("monitor: {}", ended.error().message());
    return 4;
}
