#include "os/system_calls.h"

#include <linux/prctl.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <string_view>

#include "os/file.h"
#include "os/refused_calls.h"

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

namespace mullion::os {
namespace {

// Whatever their arguments are. A name that this machine does not know is passed over.
constexpr std::array allowed{
    // Files: what may be done with them is said by their modes, and by the mounts.
    "read",
    "write",
    "readv",
    "writev",
    "pread64",
    "pwrite64",
    "preadv",
    "pwritev",
    "close",
    "close_range",
    "dup",
    "dup2",
    "dup3",
    "fcntl",
    "flock",
    "open",
    "openat",
    "access",
    "faccessat",
    "faccessat2",
    "stat",
    "fstat",
    "lstat",
    "newfstatat",
    "statx",
    "statfs",
    "fstatfs",
    "readlink",
    "readlinkat",
    "getcwd",
    "getdents64",
    "lseek",
    "ftruncate",
    "fallocate",
    "fsync",
    "fdatasync",
    "fadvise64",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "chmod",
    "fchmod",
    "fchmodat",
    "umask",
    "utimensat",
    "pipe",
    "pipe2",
    // Memory.
    "munmap",
    "mremap",
    "madvise",
    "brk",
    "mlock",
    "mlock2",
    "munlock",
    "msync",
    "mincore",
    // Waiting.
    "epoll_create",
    "epoll_create1",
    "epoll_ctl",
    "epoll_wait",
    "epoll_pwait",
    "epoll_pwait2",
    "eventfd2",
    "timerfd_create",
    "timerfd_settime",
    "timerfd_gettime",
    "poll",
    "ppoll",
    "select",
    "pselect6",
    "nanosleep",
    "clock_nanosleep",
    "restart_syscall",
    // Sockets that are there.
    "bind",
    "listen",
    "accept",
    "accept4",
    "connect",
    "getsockname",
    "getpeername",
    "getsockopt",
    "setsockopt",
    "shutdown",
    "sendto",
    "sendmsg",
    "sendmmsg",
    "recvfrom",
    "recvmsg",
    "recvmmsg",
    // Threads.
    "futex",
    "futex_waitv",
    "set_robust_list",
    "get_robust_list",
    "rseq",
    "set_tid_address",
    "membarrier",
    "sched_yield",
    "sched_getaffinity",
    "sched_getparam",
    "sched_getscheduler",
    "sched_get_priority_max",
    "sched_get_priority_min",
    "arch_prctl",
    "exit",
    "exit_group",
    // Time, chance, and who one is.
    "clock_gettime",
    "clock_getres",
    "gettimeofday",
    "time",
    "times",
    "getrandom",
    "getrusage",
    "getrlimit",
    "uname",
    "sysinfo",
    "getcpu",
    "getpid",
    "gettid",
    "getppid",
    "getpgrp",
    "getpgid",
    "getsid",
    "getuid",
    "geteuid",
    "getgid",
    "getegid",
    "getresuid",
    "getresgid",
    "getgroups",
    "capget",
    // Signals, and the end of the monitor.
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "rt_sigpending",
    "rt_sigtimedwait",
    "rt_sigsuspend",
    "sigaltstack",
    "signalfd4",
    "wait4",
    "waitid",
    "pidfd_open",
};

// libseccomp's own macros are C's compound literals.
scmp_arg_cmp argument(unsigned index, scmp_compare how, scmp_datum_t a, scmp_datum_t b = 0) {
    return {index, how, a, b};
}

class Filter {
public:
    Filter() : context_(::seccomp_init(action())) {}

    void allow(const char* name) {
        const int number = ::seccomp_syscall_resolve_name(name);
        if (number < 0) return;
        keep(::seccomp_rule_add(context_.get(), SCMP_ACT_ALLOW, number, 0));
        ++count_;
    }
    template <class... Compare>
    void allow_where(int number, Compare... where) {
        const std::array<scmp_arg_cmp, sizeof...(where)> all{where...};
        keep(::seccomp_rule_add_array(context_.get(), SCMP_ACT_ALLOW, number, all.size(), all.data()));
    }
    void fail(int number, int error) {
        keep(
            ::seccomp_rule_add(context_.get(), SCMP_ACT_ERRNO(static_cast<std::uint32_t>(error)), number, 0));
    }
    Result<std::size_t> load() {
        // By halves, not one after the other: it is asked at each call.
        keep(::seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2));
        keep(::seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_NNP, 0));  // Is set already.
        if (problem_ == 0) keep(::seccomp_load(context_.get()));
        if (problem_ != 0) return system_error(ErrorId::serve_rights, "limit system calls", problem_);
        return count_;
    }

private:
    struct Release {
        void operator()(void* context) const { ::seccomp_release(context); }
    };
    static std::uint32_t action() { return can_tell_refused_calls() ? SCMP_ACT_TRAP : SCMP_ACT_ERRNO(EPERM); }
    void keep(int outcome) {
        if (outcome < 0 && problem_ == 0) problem_ = -outcome;
    }
    std::unique_ptr<void, Release> context_;
    std::size_t count_ = 0;
    int problem_ = 0;
};

void allow_sockets(Filter& filter) {
    for (const int family : {AF_INET, AF_INET6, AF_UNIX})
        filter.allow_where(SCMP_SYS(socket), argument(0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(family)));
    constexpr scmp_datum_t routes = 0;  // NETLINK_ROUTE
    filter.allow_where(SCMP_SYS(socket), argument(0, SCMP_CMP_EQ, AF_NETLINK),
                       argument(2, SCMP_CMP_EQ, routes));
    filter.allow_where(SCMP_SYS(socketpair), argument(0, SCMP_CMP_EQ, AF_UNIX));
}

void allow_threads(Filter& filter) {
    // Its flags are in memory, where no filter sees them. The C library takes clone() then.
    filter.fail(SCMP_SYS(clone3), ENOSYS);
    filter.allow_where(SCMP_SYS(clone), argument(0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    const auto self = static_cast<scmp_datum_t>(::getpid());
    filter.allow_where(SCMP_SYS(tgkill), argument(0, SCMP_CMP_EQ, self));  // abort()
    filter.allow_where(SCMP_SYS(prlimit64), argument(0, SCMP_CMP_EQ, 0));
    // PR_CAPBSET_READ: libcap looks how many capabilities there are as it is loaded, which NSS modules have
    // done.
    for (const scmp_datum_t what :
         {PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_GET_NO_NEW_PRIVS, PR_CAPBSET_READ, PR_SET_VMA})
        filter.allow_where(SCMP_SYS(prctl), argument(0, SCMP_CMP_EQ, what));
    // The last two: the names of interfaces, in addresses that are good on one alone (fe80::1%eth0).
    for (const scmp_datum_t what :
         {FIONBIO, FIONREAD, FIOCLEX, TCGETS, TIOCGWINSZ, SIOCGIFNAME, SIOCGIFINDEX})
        filter.allow_where(SCMP_SYS(ioctl), argument(1, SCMP_CMP_EQ, what));
}

// Libraries that are loaded late are files, and not writable where they are executable.
void allow_memory(Filter& filter) {
    constexpr scmp_datum_t both = PROT_EXEC | PROT_WRITE;
    filter.allow_where(SCMP_SYS(mmap), argument(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    filter.allow_where(SCMP_SYS(mmap), argument(2, SCMP_CMP_MASKED_EQ, both, PROT_EXEC),
                       argument(3, SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, 0));
    filter.allow_where(SCMP_SYS(mprotect), argument(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

}  // namespace

Result<std::size_t> limit_system_calls() {
    MULLION_TRY(tell_refused_calls());
    Filter filter;
    for (const char* name : allowed) filter.allow(name);
    allow_sockets(filter);
    allow_threads(filter);
    allow_memory(filter);
    return filter.load();
}

}  // namespace mullion::os
