#include "monitor/children.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>

namespace mullion::monitor {
namespace {

// Its user may stop it between its report and its end; the monitor is there for the others too.
TEST(Children, ThatFailedAndWereStoppedAreNotWaitedFor) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    StartReport report;
    report.error = 2;
    ASSERT_EQ(::write(ends[1], &report, sizeof report), static_cast<ssize_t>(sizeof report));
    ::close(ends[1]);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::raise(SIGSTOP);
        ::_exit(127);
    }
    ASSERT_EQ(::waitpid(pid, nullptr, WUNTRACED), pid);

    Children children;
    children.add(7, Started{pid, {}, os::UniqueFd(ends[0]), {}});
    ::alarm(10);  // In place of a hang.
    const auto decided = children.decide({7});
    ::alarm(0);
    ASSERT_EQ(decided.size(), 1U);
    EXPECT_TRUE(decided[0].second.failed);
    EXPECT_EQ(children.count(), 0U);
    EXPECT_EQ(::waitpid(pid, nullptr, WNOHANG), -1);
}

}  // namespace
}  // namespace mullion::monitor
