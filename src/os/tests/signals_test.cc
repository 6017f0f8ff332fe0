#include "os/signals.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "os/harden.h"

namespace mullion::os {
namespace {

// In a process of its own: signal masks and limits would outlive the test.
template <class Body>
int in_child(Body body) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(body());
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return status;
}

TEST(Signals, ArriveAtTheDescriptor) {
    EXPECT_EQ(in_child([] {
                  auto signals = make_signal_fd({SIGTERM, SIGUSR1});
                  if (!signals.ok() || next_signal(signals->get()) != 0) return 1;
                  ::raise(SIGTERM);
                  pollfd wait{signals->get(), POLLIN, 0};
                  if (::poll(&wait, 1, 5000) != 1) return 2;
                  return next_signal(signals->get()) == SIGTERM && next_signal(signals->get()) == 0 ? 0 : 3;
              }),
              0);
}

TEST(Signals, HaveTheirDefaultsAfterAReset) {
    const int status = in_child([] {
        ::signal(SIGUSR1, SIG_IGN);
        if (!make_signal_fd({SIGUSR1}).ok()) return 1;
        reset_signals();
        ::raise(SIGUSR1);
        return 2;
    });
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), SIGUSR1);
}

TEST(Harden, LeavesNoCore) {
    EXPECT_EQ(in_child([] {
                  if (!harden_process().ok()) return 1;
                  rlimit core{};
                  ::getrlimit(RLIMIT_CORE, &core);
                  return core.rlim_cur == 0 && ::prctl(PR_GET_DUMPABLE) == 0 ? 0 : 2;
              }),
              0);
}

TEST(Harden, RaisesTheDescriptorLimitUpToTheHardOne) {
    EXPECT_EQ(in_child([] {
                  const rlimit low{64, 128};
                  if (::setrlimit(RLIMIT_NOFILE, &low) != 0) return 1;
                  if (raise_descriptor_limit(32) != 64) return 2;
                  if (raise_descriptor_limit(100) != 100) return 3;
                  return raise_descriptor_limit(1000) == 128 ? 0 : 4;
              }),
              0);
}

}  // namespace
}  // namespace mullion::os
