// mullion-monitor --state DIR, with the network process on descriptor 3. Started by `mullion serve`, not by
// people.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>

#include "monitor/loop.h"
#include "os/harden.h"
#include "os/seqpacket.h"
#include "os/signals.h"

namespace {

constexpr int socket_descriptor = 3;

mullion::Result<void> watch(const std::string& directory, mullion::Logger& log) {
    using namespace mullion;
    MULLION_TRY(os::harden_process());
    // Whoever made the socket pair must be our parent; ids come from the kernel, not from a message.
    MULLION_ASSIGN(const os::Peer peer, os::peer_of(socket_descriptor));
    if (peer.pid != ::getppid() || peer.uid != ::geteuid()) {
        return Error(ErrorId::serve_monitor,
                     "descriptor 3 is not connected to the process that started this one");
    }
    MULLION_TRY(os::set_nonblocking(socket_descriptor));
    MULLION_ASSIGN(const os::UniqueFd signals, os::make_signal_fd({SIGCHLD, SIGTERM, SIGINT}));
    monitor::Loop loop(socket_descriptor, signals.get(), monitor::Policy(directory), log);
    return loop.run();
}

}  // namespace

int main(int count, char** words) {
    if (count != 3 || std::string_view(words[1]) != "--state") {
        std::fputs("mullion-monitor is started by `mullion serve`.\n", stderr);
        return 5;
    }
    const auto log = mullion::stderr_logger(mullion::LogLevel::info);
    const auto ended = watch(words[2], *log);
    if (ended.ok()) return 0;
    log->error("monitor: {}", ended.error().message());
    return 4;
}
