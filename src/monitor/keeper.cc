#include "monitor/keeper.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <vector>

#include "os/file.h"
#include "os/signals.h"

namespace mullion::monitor {
namespace {

constexpr int end_patience_ms = 2000;
constexpr int end_step_ms = 10;
constexpr int groups_patience_ms = 200;  // A daemon may be left in one for ever.
constexpr int by_signal = 128;

Error failed(const char* what) {
    return os::system_error(ErrorId::serve_monitor, what, errno);
}

// Orphans of commands that made sessions of their own come to the keeper and are reaped. True once the
// monitor has ended, or is about to: its children become the keeper's a moment before it can be waited for.
bool monitor_ended(pid_t monitor, const GroupTable& groups) {
    siginfo_t facts{};
    while (::waitid(P_ALL, 0, &facts, WEXITED | WNOHANG | WNOWAIT) == 0 && facts.si_pid != 0) {
        if (facts.si_pid == monitor || groups.has(facts.si_pid)) return true;
        ::waitpid(facts.si_pid, nullptr, 0);
        facts = {};
    }
    return false;
}

int status_of(pid_t monitor) {
    int status = 0;
    while (::waitpid(monitor, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : by_signal + WTERMSIG(status);
}

int keep(pid_t monitor, int signals, const GroupTable& groups, const TicketFolders& tickets,
         const MemoryGroups& memory) {
    pollfd watched{signals, POLLIN, 0};
    while (!monitor_ended(monitor, groups)) {
        if (::poll(&watched, 1, -1) < 0 && errno != EINTR) break;
        for (int number = os::next_signal(signals); number != 0; number = os::next_signal(signals)) {
            if (number == SIGTERM) ::kill(monitor, SIGTERM);
        }
    }
    const int status = status_of(monitor);
    end_groups(groups);
    tickets.remove();
    // What was killed leaves its control group a moment later.
    for (int waited = 0; !memory.remove() && waited < groups_patience_ms; waited += end_step_ms)
        ::poll(nullptr, 0, end_step_ms);
    return status;
}

}  // namespace

Result<std::optional<int>> part(const GroupTable& groups, const TicketFolders& tickets,
                                const MemoryGroups& memory, int socket) {
    // What the monitor leaves behind becomes a child of this process, and its number nobody else's, until
    // then.
    if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) return failed("become the keeper of orphans");
    MULLION_ASSIGN(const os::UniqueFd signals, os::make_signal_fd({SIGCHLD, SIGTERM}));
    const pid_t keeper = ::getpid();
    const pid_t monitor = ::fork();
    if (monitor < 0) return failed("fork");
    if (monitor == 0) {
        if (::prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) != 0) return failed("follow the keeper");
        if (::getppid() != keeper) return Error(ErrorId::serve_monitor, "the keeper is gone already");
        return std::optional<int>();
    }
    ::prctl(PR_SET_NAME, "mullion-keeper", 0, 0, 0);
    ::close(socket);
    return std::optional<int>(keep(monitor, signals.get(), groups, tickets, memory));
}

void end_groups(const GroupTable& groups) {
    std::vector<pid_t> leaders;
    groups.each([&](pid_t leader) { leaders.push_back(leader); });
    for (const pid_t leader : leaders) {
        ::kill(-leader, SIGKILL);
        ::kill(leader, SIGKILL);
    }
    for (int waited = 0; !leaders.empty() && waited < end_patience_ms; waited += end_step_ms) {
        std::erase_if(leaders, [](pid_t leader) { return ::waitpid(leader, nullptr, WNOHANG) != 0; });
        if (!leaders.empty()) ::poll(nullptr, 0, end_step_ms);
    }
}

}  // namespace mullion::monitor
