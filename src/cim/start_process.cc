#include "cim/start_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <limits>

#include "os/file.h"

namespace mullion::cim {
namespace {

// What the new process says before it becomes the shell: that it is there, or what it could not do. Smaller
// than a pipe writes at once.
struct Word {
    int error = 0;
    bool in_folder = false;
    pid_t process = -1;
};

struct Plan {
    const char* folder;
    std::array<const char*, 4> words;
    int report;  // Closed by exec.
};

// Between fork and exec: only what signal-safety(7) allows.

[[noreturn]] void fail(const Plan& plan, int error, bool in_folder) {
    const Word word = {error, in_folder, -1};
    (void)!::write(plan.report, &word, sizeof word);
    ::_exit(127);
}

void forget_signals() {
    for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool open_nothing(int report) {
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0) return false;
    for (int standard = 0; standard <= 2; ++standard)
        if (::dup2(nothing, standard) < 0) return false;
    // All others: what this process has open is none of the command's business, and would keep pipes open.
    const auto behind = static_cast<unsigned>(report) + 1;
    if (report > 3) (void)::close_range(3, static_cast<unsigned>(report) - 1, 0);
    (void)::close_range(behind, ~0U, 0);
    return true;
}

[[noreturn]] void become(const Plan& plan) {
    // No leader of a group yet, as it has just been forked: this cannot fail.
    (void)::setsid();
    forget_signals();
    if (plan.folder != nullptr && ::chdir(plan.folder) != 0) fail(plan, errno, true);
    if (!open_nothing(plan.report)) fail(plan, errno, false);
    const Word word = {0, false, ::getpid()};
    (void)!::write(plan.report, &word, sizeof word);
    ::execve("/bin/sh", const_cast<char* const*>(plan.words.data()), environ);
    fail(plan, errno, false);
}

// One in between, which ends at once: so the command is init's child, and leaves no zombie here.
[[noreturn]] void leave(const Plan& plan) {
    const pid_t process = ::fork();
    if (process < 0) fail(plan, errno, false);
    if (process == 0) become(plan);
    ::_exit(0);
}

Started read_words(int from) {
    Started started;
    started.error = EIO;  // Where it says nothing at all.
    Word word;
    for (;;) {
        const auto got = ::read(from, &word, sizeof word);
        if (got < 0 && errno == EINTR) continue;
        if (got != static_cast<ssize_t>(sizeof word)) return started;  // Closed: it is the shell now.
        started = {word.error, word.in_folder,
                   word.error == 0 ? static_cast<std::uint64_t>(word.process) : 0};
    }
}

}  // namespace

Started start_by_shell(const std::string& command, const std::string& folder) {
    // A text that ends earlier for the kernel than for us is not run in part.
    if (command.find('\0') != std::string::npos || folder.find('\0') != std::string::npos)
        return {EINVAL, false, 0};
    std::array<int, 2> ends = {-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {errno, false, 0};
    const os::UniqueFd from(ends[0]);
    os::UniqueFd low(ends[1]);
    // Above what the command has as its standard files, even where this process had none of those.
    os::UniqueFd to(::fcntl(ends[1], F_DUPFD_CLOEXEC, 3));
    if (!to) return {errno, false, 0};
    const Plan plan = {
        folder.empty() ? nullptr : folder.c_str(), {"sh", "-c", command.c_str(), nullptr}, to.get()};
    const pid_t between = ::fork();
    if (between < 0) return {errno, false, 0};
    if (between == 0) leave(plan);
    to.reset();
    low.reset();
    const auto started = read_words(from.get());
    while (::waitpid(between, nullptr, 0) < 0 && errno == EINTR) {
    }
    return started;
}

int kill_process(std::uint64_t process) {
    // kill(2) means a group by 0 and below, and everybody by -1: a number that is no process's never gets
    // there.
    if (process == 0 || process > static_cast<std::uint64_t>(std::numeric_limits<pid_t>::max())) return ESRCH;
    return ::kill(static_cast<pid_t>(process), SIGKILL) == 0 ? 0 : errno;
}

}  // namespace mullion::cim
