#include "os/signals.h"

#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace mullion::os {

Result<UniqueFd> make_signal_fd(std::initializer_list<int> signals) {
    sigset_t set;
    sigemptyset(&set);
    for (const int one : signals) sigaddset(&set, one);
    if (const int failure = ::pthread_sigmask(SIG_BLOCK, &set, nullptr); failure != 0) {
        return system_error(ErrorId::serve_monitor, "block signals", failure);
    }
    UniqueFd out(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!out) return system_error(ErrorId::serve_monitor, "signalfd", errno);
    return out;
}

int next_signal(int signal_fd) {
    signalfd_siginfo about{};
    const ssize_t got = ::read(signal_fd, &about, sizeof about);
    return got == static_cast<ssize_t>(sizeof about) ? static_cast<int>(about.ssi_signo) : 0;
}

// sizeof(sigset_t) as the kernel has it.
constexpr std::size_t kernel_signal_set = 8;

void reset_signals() noexcept {
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number) ::sigaction(number, &standard, nullptr);
    // glibc keeps the two signals below SIGRTMIN for itself and refuses to touch them; a parent that ignores
    // them (some runtimes do) would pass that on. The kernel's own structure, all zeros, is SIG_DFL.
    const std::array<unsigned long, 4> kernel_default{};
    for (int number = __SIGRTMIN; number < SIGRTMIN; ++number)
        ::syscall(SYS_rt_sigaction, number, kernel_default.data(), nullptr, kernel_signal_set);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace mullion::os
