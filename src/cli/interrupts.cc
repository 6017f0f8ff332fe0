#include "cli/interrupts.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "cli/exit_status.h"

namespace mullion::cli {
namespace {

// Under nohup a hang-up changes nothing, nor does Ctrl-C what a script put into the background. Blocked they
// would arrive all the same.
bool is_ignored(int number) {
    struct sigaction now {};
    return ::sigaction(number, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace

Interrupts::Interrupts() {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        if (!is_ignored(number)) sigaddset(&set, number);
    }
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signals_ = ::signalfd(-1, &set, SFD_CLOEXEC);
    over_ = ::eventfd(0, EFD_CLOEXEC);
    if (signals_ < 0 || over_ < 0) throw std::system_error(errno, std::generic_category(), "signals");
    thread_ = std::thread([this] { watch(); });
}

Interrupts::~Interrupts() {
    const std::uint64_t one = 1;
    (void)!::write(over_, &one, sizeof one);
    thread_.join();
    ::close(signals_);
    ::close(over_);
}

void Interrupts::on_first(std::function<void()> action) {
    const std::lock_guard lock(mutex_);
    action_ = std::move(action);
    if (came_ && action_) action_();
}

void Interrupts::on_second(std::function<void()> action) {
    const std::lock_guard lock(mutex_);
    last_ = std::move(action);
}

void Interrupts::watch() {
    for (;;) {
        pollfd wanted[] = {{signals_, POLLIN, 0}, {over_, POLLIN, 0}};
        if (::poll(wanted, 2, -1) < 0) continue;
        if (wanted[1].revents != 0) return;
        signalfd_siginfo info{};
        if (::read(signals_, &info, sizeof info) != sizeof info) continue;
        const std::lock_guard lock(mutex_);
        if (came_) {
            // A terminal that is closed says so twice, itself and by its shell: nobody is impatient.
            if (info.ssi_signo == SIGHUP) continue;
            if (last_) last_();
            std::_Exit(exit_status::interrupted);  // Nothing is waited for any more.
        }
        came_ = true;
        first_ = static_cast<int>(info.ssi_signo);
        if (action_) action_();
    }
}

}  // namespace mullion::cli
