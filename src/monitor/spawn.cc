#include "monitor/spawn.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "monitor/child_scene.h"
#include "monitor/pam_session.h"
#include "monitor/spawn_plan.h"
#include "monitor/start_report.h"
#include "monitor/ticket_keyring.h"
#include "os/harden.h"
#include "os/signals.h"

namespace mullion::monitor {
namespace {

constexpr mode_t file_mode_mask = 022;

struct Pipe {
    os::UniqueFd read;
    os::UniqueFd write;
};

bool make_pipe(Pipe& pipe) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    pipe.read = os::UniqueFd(ends[0]);
    pipe.write = os::UniqueFd(ends[1]);
    return true;
}

// ---- in the child: system calls only, and no way back ----

enum class Session { none, of_pam };

// Each command that becomes somebody else has its own, or users could read each other's; and so has one that
// was handed a ticket. The process that holds a PAM session has left the service's already, and pam_keyinit
// may have put something into the new one.
void take_keyring(Plan& plan, const Person& person, Session session) {
    if (plan.ticket != nullptr) {
        if (put_into_keyring(*plan.ticket)) return;
        if (!write_ticket(plan.ticket_file, *plan.ticket, person)) give_up("keep the forwarded ticket");
        plan.envp[plan.cache_variable] = plan.cache_in_file.data();
    }
    if (session == Session::of_pam) return;
    if (person.change && !os::leave_session_keyring()) give_up("leave the session's keyring");
}

// While it still may: the group is root's. All that it starts is in the group too.
void limit_memory(const Plan& plan) {
    if (!plan.memory_door.empty()) {
        const int door = ::open(plan.memory_door.c_str(), O_WRONLY | O_CLOEXEC);
        if (door < 0 || ::write(door, "0", 1) != 1) give_up("limit memory");
        ::close(door);
    }
    if (plan.address_space == RLIM_INFINITY) return;
    rlimit limit{};
    if (::getrlimit(RLIMIT_AS, &limit) != 0) give_up("limit memory");
    // pam_limits may have been stricter.
    limit.rlim_max = std::min(limit.rlim_max, plan.address_space);
    limit.rlim_cur = std::min(limit.rlim_cur, limit.rlim_max);
    if (::setrlimit(RLIMIT_AS, &limit) != 0) give_up("limit memory");
}

void become(const Person& person, Session session) {
    if (!person.change) {
        // systemd may have given the service capabilities, which exec would pass on.
        if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) give_up("become user");
        return;
    }
    const auto& user = person.user;
    // In a PAM session they are set, and pam_group may have added to them.
    if (session == Session::none && ::setgroups(person.groups.size(), person.groups.data()) != 0)
        give_up("become user");
    if (::setresgid(user.gid, user.gid, user.gid) != 0) give_up("become user");
    if (::setresuid(user.uid, user.uid, user.uid) != 0) give_up("become user");
    // What was given up must be gone for good.
    if (user.uid != 0 && (::setuid(0) == 0 || ::seteuid(0) == 0)) {
        errno = EPERM;
        give_up("become user");
    }
}

void take_descriptors(const Pipe& input, const Pipe& output, const Pipe& error, const Pipe& report) {
    // Above everything that is about to be overwritten, so that no dup2 closes what a later one needs.
    const int in = ::fcntl(input.read.get(), F_DUPFD, 16);
    const int out = ::fcntl(output.write.get(), F_DUPFD, 16);
    const int err = ::fcntl(error.write.get(), F_DUPFD, 16);
    const int say = ::fcntl(report.write.get(), F_DUPFD, 16);
    if (in < 0 || out < 0 || err < 0 || say < 0) ::_exit(127);
    if (::dup2(say, report_descriptor) < 0 || ::fcntl(report_descriptor, F_SETFD, FD_CLOEXEC) != 0)
        ::_exit(127);
    if (::dup2(in, 0) < 0 || ::dup2(out, 1) < 0 || ::dup2(err, 2) < 0) give_up("take descriptors");
    if (::close_range(report_descriptor + 1, ~0U, 0) != 0) give_up("close descriptors");
}

// Of the process that holds a PAM session, which has them in that order.
void take_session_descriptors() {
    for (const int of_command : {0, 1, 2})
        if (::dup2(session_input + of_command, of_command) < 0) give_up("take descriptors");
    if (::close_range(report_descriptor + 1, ~0U, 0) != 0) give_up("close descriptors");
}

// Only comes back when it could not, with errno. As execvp(3), but for folders that are not absolute, and for
// its sh that runs whatever it cannot. By the user himself, with his rights and in his time.
void execute(const Plan& plan) {
    const std::string_view program = plan.argv[0];
    if (program.front() == '/') {
        ::execve(plan.argv[0], plan.argv.data(), plan.envp.data());
        return;
    }
    int failure = ENOENT;
    std::array<char, PATH_MAX> file{};
    std::string_view rest = plan.path;
    while (!rest.empty()) {
        const auto folder = rest.substr(0, rest.find(':'));
        rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
        if (!folder.starts_with('/') || folder.size() + 1 + program.size() >= file.size()) continue;
        std::memcpy(file.data(), folder.data(), folder.size());
        file[folder.size()] = '/';
        std::memcpy(&file[folder.size() + 1], program.data(), program.size());
        file[folder.size() + 1 + program.size()] = '\0';
        ::execve(file.data(), plan.argv.data(), plan.envp.data());
        if (errno == EACCES) failure = EACCES;
        const bool not_here =
            errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == ELOOP || errno == ENAMETOOLONG;
        if (!not_here) return;
    }
    errno = failure;
}

[[noreturn]] void child(Plan& plan, const Person& person, const GroupTable::Slot& group, pid_t monitor,
                        Session session) {
    if (::setsid() < 0) give_up("make a session");
    group.enter(::getpid());
    if (session == Session::of_pam) report_self();
    os::reset_signals();
    if (session == Session::none) ::umask(file_mode_mask);
    take_keyring(plan, person, session);
    limit_memory(plan);
    become(person, session);
    // After becoming somebody else, which clears it. The monitor may be gone already.
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) give_up("follow the monitor");
    if (::getppid() != monitor) ::_exit(127);
    if (plan.directory.empty() || ::chdir(plan.directory.c_str()) != 0) {
        if (plan.directory_given) give_up("change directory");
        if (::chdir("/") != 0) give_up("change directory");
    }
    execute(plan);
    give_up("execute");
}

[[noreturn]] void child_in_session(const os::PamService& service, Plan& plan, const Person& person,
                                   const GroupTable::Slot& group, pid_t monitor) {
    hold_session({service, person, plan.request->address,
                  [&](const std::vector<std::string>& of_pam) { add_environment(of_pam, plan); },
                  [&] {
                      take_session_descriptors();
                      child(plan, person, group, monitor, Session::of_pam);
                  }});
}

// So that /dev/stdin, /dev/stdout and /dev/stderr, which open a pipe anew, work for the user as well.
bool give_to(const os::User& user, const Pipe& pipe) {
    return ::fchown(pipe.read.get(), user.uid, user.gid) == 0;
}

Error failed(Refusal& refusal, const char* step) {
    refusal = {errno, step};
    return os::system_error(ErrorId::spawn_failed, step, errno);
}

// Null for a shell without a limit.
Result<std::shared_ptr<MemoryGroup>> room_of(const os::SpawnRequest& request, MemoryGroups& memory) {
    if (request.memory_mb == 0) return std::shared_ptr<MemoryGroup>();
    return memory.of_shell(request.shell, request.memory_mb);
}

}  // namespace

Result<Started> start(const os::SpawnRequest& request, const Person& person, GroupTable& groups,
                      const TicketFolders& tickets, MemoryGroups& memory, const os::PamService* pam,
                      Refusal& refusal) {
    for (const auto& [name, value] : request.environment) {
        if (!os::is_loader_variable(name)) continue;
        errno = EPERM;
        return failed(refusal, "set environment");
    }
    Pipe input;
    Pipe output;
    Pipe error;
    Pipe report;
    Pipe door;  // Of the PAM session: it is held until our end is closed.
    if (!make_pipe(input) || !make_pipe(output) || !make_pipe(error) || !make_pipe(report) ||
        (pam != nullptr && !make_pipe(door)))
        return failed(refusal, "make pipes");
    if (person.change &&
        !(give_to(person.user, input) && give_to(person.user, output) && give_to(person.user, error)))
        return failed(refusal, "give pipes");

    auto group = groups.take();
    if (!group.ok()) {
        refusal = {EAGAIN, "count processes"};
        return std::move(group).error();
    }
    auto room = room_of(request, memory);
    if (!room.ok()) {
        refusal = {EAGAIN, "limit memory"};
        return std::move(room).error();
    }
    TicketFolder folder = request.ticket ? tickets.place(request.token) : TicketFolder();
    Plan plan = make_plan(request, person.user, folder);
    plan_memory(request, room->get(), plan);
    const pid_t monitor = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0) return failed(refusal, "fork");
    if (pid == 0 && pam != nullptr) {
        const std::array kept{report.write.get(), input.read.get(), output.write.get(), error.write.get(),
                              door.read.get()};
        if (!set_the_scene(kept.data(), kept.size(), monitor, pam->patience, "mullion-pam")) ::_exit(127);
        child_in_session(*pam, plan, person, *group, monitor);
    }
    if (pid == 0) {
        take_descriptors(input, output, error, report);
        child(plan, person, *group, monitor, Session::none);
    }
    return Started{pid,
                   Pipes{std::move(input.write), std::move(output.read), std::move(error.read)},
                   std::move(report.read),
                   std::move(group).value(),
                   std::move(folder),
                   std::move(room).value(),
                   std::move(door.write)};
}

}  // namespace mullion::monitor
