#include "monitor/pam_session.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <grp.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "monitor/pam_talk.h"
#include "monitor/start_report.h"

namespace mullion::monitor {
namespace {

static_assert(static_cast<int>(session_report) == report_descriptor);

constexpr mode_t file_mode_mask = 022;  // pam_umask may want another.

[[noreturn]] void refuse(const std::string& why) {
    errno = EACCES;
    give_up(session_step, why.c_str());
}

void expect(const PamTalk& talk, const char* step, int code) {
    if (code != PAM_SUCCESS) refuse(fmt::format("{}: {}", step, talk.text(code)));
}

// As sshd and su do it: groups first, for pam_group may add to them.
void open(PamTalk& talk, const Person& person) {
    // An expired password is no reason: who came in by another way has not used it, and who came in by it
    // has been asked already. An expired or locked account is.
    const int account = talk.account();
    if (account != PAM_NEW_AUTHTOK_REQD) expect(talk, "pam_acct_mgmt", account);
    if (::setgroups(person.groups.size(), person.groups.data()) != 0) give_up("become user");
    expect(talk, "pam_setcred", talk.establish_credentials());
    if (const int code = talk.open_session(); code != PAM_SUCCESS) {
        (void)talk.delete_credentials();
        expect(talk, "pam_open_session", code);
    }
}

bool close(PamTalk& talk) {
    const int closed = talk.close_session();
    const int deleted = talk.delete_credentials();
    return closed == PAM_SUCCESS && deleted == PAM_SUCCESS;
}

// A child of the monitor's, as every command is: it waits for it, keeps its number, and its death is the
// command's.
pid_t fork_beside() {
    return static_cast<pid_t>(::syscall(SYS_clone, CLONE_PARENT | SIGCHLD, nullptr, nullptr, nullptr, 0));
}

// The monitor closes the door of a command that is killed before it is one; it may be gone itself.
bool is_wanted() {
    pollfd door{session_door, POLLIN, 0};
    return ::poll(&door, 1, 0) == 0;
}

void wait_for_the_end() {
    char byte = 0;
    while (::read(session_door, &byte, 1) < 0 && errno == EINTR) {
    }
}

}  // namespace

void hold_session(const SessionParts& parts) {
    ::umask(file_mode_mask);
    const auto library = load_pam();
    if (!library.ok()) refuse(library.error().detail);
    auto talk = PamTalk::begin(*library, parts.service, parts.person.user.name, parts.address, nullptr);
    if (!talk.ok()) refuse(talk.error().detail);
    // Modules may have opened something from here on, which has to be closed also where the monitor has
    // ended. Until they are done the alarm is what ends them then.
    (void)::prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
    open(*talk, parts.person);
    const auto environment = talk->environment();
    // The session is there, and nothing may end this process but its own end.
    const unsigned patience = ::alarm(0);
    if (!is_wanted()) {
        ::alarm(patience);
        (void)close(*talk);
        errno = EINTR;
        give_up(session_step, "it was ended before that");
    }
    if (!environment.ok()) {
        (void)close(*talk);
        refuse(environment.error().detail);
    }
    parts.take_environment(*environment);
    const pid_t command = fork_beside();
    if (command == 0) parts.become_command();
    const int problem = errno;
    if (command < 0) {
        (void)close(*talk);
        errno = problem;
        give_up("fork");
    }
    (void)::close_range(session_report, session_error, 0);
    wait_for_the_end();
    ::alarm(patience);
    const bool closed = close(*talk);
    { const PamTalk ends = std::move(*talk); }
    ::_exit(closed ? 0 : 1);
}

}  // namespace mullion::monitor
