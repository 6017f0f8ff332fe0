// Each test takes the system calls from a child, and looks from there.
#include "os/system_calls.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mullion::os {
namespace {

struct Seen {
    int status = 0;  // As waitpid says it.
    std::string text;
};

// The child's body gives its exit status; what it writes to standard error is kept.
Seen in_child(const std::function<int()>& body) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(ends[1], STDERR_FILENO);
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        ::_exit(body());
    }
    ::close(ends[1]);
    Seen seen;
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::read(ends[0], part.data(), part.size())) > 0;)
        seen.text.append(part.data(), static_cast<std::size_t>(got));
    ::close(ends[0]);
    EXPECT_EQ(::waitpid(child, &seen.status, 0), child);
    return seen;
}

// 0 when the call failed with that error, or else what it gave.
int refused(long outcome, int error = EPERM) {
    if (outcome < 0 && errno == error) return 0;
    return outcome < 0 ? errno : 200;
}

constexpr const char* nowhere = "/nonexistent";

// With arguments that do no harm and fail otherwise than with EPERM where nothing is refused.
struct Forbidden {
    const char* name;
    std::function<long()> call;
};

const std::vector<Forbidden>& forbidden() {
    static const std::vector<Forbidden> all{
        {"execve", [] { return ::execl(nowhere, "true", nullptr); }},
        {"execveat", [] { return ::syscall(SYS_execveat, AT_FDCWD, nowhere, nullptr, nullptr, 0); }},
        {"clone", [] { return ::syscall(SYS_clone, CLONE_SIGHAND, nullptr, nullptr, nullptr, 0); }},
        {"ptrace", [] { return ::ptrace(PTRACE_ATTACH, 0, nullptr, nullptr); }},
        {"process_vm_readv", [] { return ::syscall(SYS_process_vm_readv, 0, nullptr, 0, nullptr, 0, 0); }},
        {"setuid", [] { return ::syscall(SYS_setuid, ::getuid()); }},
        {"setgid", [] { return ::syscall(SYS_setgid, ::getgid()); }},
        {"setresuid", [] { return ::syscall(SYS_setresuid, -1, -1, -1); }},
        {"setfsuid", [] { return ::syscall(SYS_setfsuid, ::getuid()); }},
        {"capset", [] { return ::syscall(SYS_capset, nullptr, nullptr); }},
        {"mount_setattr", [] { return ::syscall(SYS_mount_setattr, AT_FDCWD, nowhere, ~0U, nullptr, 0); }},
        {"unshare", [] { return ::syscall(SYS_unshare, 1); }},
        {"setns", [] { return ::setns(-1, 0); }},
        {"bpf", [] { return ::syscall(SYS_bpf, 0xFFFF, nullptr, ~0U); }},
        {"perf_event_open", [] { return ::syscall(SYS_perf_event_open, nullptr, 0, -1, -1, 0); }},
        {"keyctl", [] { return ::syscall(SYS_keyctl, 0xFFFF, 0, 0, 0, 0); }},
        {"add_key", [] { return ::syscall(SYS_add_key, nullptr, nullptr, nullptr, 0, 0); }},
        {"memfd_create", [] { return ::syscall(SYS_memfd_create, "x", 0); }},
        {"kill", [] { return ::kill(::getppid(), 0); }},
        {"symlinkat", [] { return ::syscall(SYS_symlinkat, "a", AT_FDCWD, "/nonexistent/b"); }},
        {"linkat", [] { return ::syscall(SYS_linkat, AT_FDCWD, "/a", AT_FDCWD, "/nonexistent/b", 0); }},
        {"socket", [] { return ::socket(AF_PACKET, 0xFF, 0); }},
        {"socket", [] { return ::socket(AF_NETLINK, SOCK_RAW, 12); }},  // NETLINK_NETFILTER
        {"prctl", [] { return ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }},
        {"prlimit64", [] { return ::syscall(SYS_prlimit64, ::getppid(), 0xFFFF, nullptr, nullptr); }},
        {"mprotect",
         [] {
             void* const page =
                 ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
             return long{::mprotect(page, 4096, PROT_READ | PROT_EXEC)};
         }},
        {"mmap",
         [] {
             return ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
                            MAP_FAILED
                        ? -1L
                        : 0L;
         }},
    };
    return all;
}

// These cannot be called without doing something.
const std::vector<Forbidden>& forbidden_in_any_case() {
    static const std::vector<Forbidden> all{
#ifdef SYS_fork
        {"fork", [] { return ::syscall(SYS_fork); }},
        {"vfork", [] { return ::syscall(SYS_vfork); }},
#endif
        {"setgroups", [] { return ::syscall(SYS_setgroups, 0, nullptr); }},
        {"mount", [] { return ::mount(nowhere, nowhere, "tmpfs", 0, nullptr); }},
        {"umount2", [] { return ::umount2(nowhere, 0); }},
        {"pivot_root", [] { return ::syscall(SYS_pivot_root, nowhere, nowhere); }},
        {"chroot", [] { return ::chroot(nowhere); }},
        {"io_uring_setup", [] { return ::syscall(SYS_io_uring_setup, 0, nullptr); }},
        {"userfaultfd", [] { return ::syscall(SYS_userfaultfd, ~0); }},
        {"init_module", [] { return ::syscall(SYS_init_module, nullptr, 0, nowhere); }},
        {"reboot", [] { return ::syscall(SYS_reboot, 0, 0, 0, nullptr); }},
    };
    return all;
}

void expect_refused(const Forbidden& one) {
    const Seen seen = in_child([&] { return limit_system_calls().ok() ? refused(one.call()) : 199; });
    EXPECT_EQ(seen.status, 0) << one.name << ": " << seen.text;
    EXPECT_NE(
        seen.text.find(std::string("Z error the network process was refused the system call ") + one.name),
        std::string::npos)
        << one.name << ": " << seen.text;
}

TEST(SystemCalls, ThatNobodyNeedsAreRefusedAndTold) {
    for (const auto& one : forbidden()) expect_refused(one);
    for (const auto& one : forbidden_in_any_case()) expect_refused(one);
}

// Positive control: without the filter none of them fails with EPERM.
TEST(SystemCalls, AreThereWithoutTheFilter) {
    for (const auto& one : forbidden()) {
        const Seen seen = in_child([&] { return refused(one.call()); });
        EXPECT_NE(seen.status, 0) << one.name;
        EXPECT_EQ(seen.text, "");
    }
}

TEST(SystemCalls, ThatTheServiceNeedsAreLeft) {
    const Seen seen = in_child([] {
        if (!limit_system_calls().ok()) return 199;
        int sum = 0;
        std::thread([&] { sum = 1; }).join();
        if (sum != 1) return 1;
        for (const int family : {AF_INET, AF_INET6, AF_UNIX})
            if (::socket(family, SOCK_STREAM, 0) < 0) return 2;
        if (::socket(AF_NETLINK, SOCK_RAW, 0) < 0) return 3;
        if (::open("/dev/null", O_RDWR) < 0) return 4;
        if (::mmap(nullptr, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
            MAP_FAILED)
            return 5;
        return 0;
    });
    EXPECT_EQ(seen.status, 0);
    EXPECT_EQ(seen.text, "");
}

// A library's call that is newer than our table has an older way beside it.
TEST(SystemCalls, ThatAreNewAreNotThere) {
    const Seen seen =
        in_child([] { return limit_system_calls().ok() ? refused(::syscall(599), ENOSYS) : 199; });
    EXPECT_EQ(seen.status, 0);
    EXPECT_NE(seen.text.find("number 599"), std::string::npos);
}

TEST(SystemCalls, AreToldAHundredTimes) {
    const Seen seen = in_child([] {
        if (!limit_system_calls().ok()) return 199;
        for (int i = 0; i < 1'000; ++i) (void)!::chroot(nowhere);
        return 0;
    });
    EXPECT_EQ(std::count(seen.text.begin(), seen.text.end(), '\n'), 101);
    EXPECT_TRUE(seen.text.ends_with("chroot: no more such lines follow\n")) << seen.text;
}

TEST(SystemCalls, AbortIsAnAbort) {
    const Seen seen = in_child([]() -> int { return limit_system_calls().ok() ? (::abort(), 0) : 199; });
    EXPECT_TRUE(WIFSIGNALED(seen.status) && WTERMSIG(seen.status) == SIGABRT);
}

}  // namespace
}  // namespace mullion::os
