#include "os/held_signals.h"

#include <sys/signalfd.h>

#include "os/signals.h"

namespace mullion::os {

HeldSignals::HeldSignals() {
    ::pthread_sigmask(SIG_BLOCK, nullptr, &before_);
    sigset_t held;
    sigemptyset(&held);
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP}) {
        struct sigaction now {};
        // Under nohup a hang-up changes nothing.
        const bool counts = ::sigaction(number, nullptr, &now) == 0 && now.sa_handler != SIG_IGN;
        if (counts && ::sigismember(&before_, number) == 0) sigaddset(&held, number);
    }
    ::pthread_sigmask(SIG_BLOCK, &held, nullptr);
    arrivals_ = UniqueFd(::signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK));
}

HeldSignals::~HeldSignals() {
    if (arrived_ != 0) ::raise(arrived_);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void HeldSignals::take() {
    if (const int number = next_signal(arrivals_.get()); number != 0) arrived_ = number;
}

}  // namespace mullion::os
