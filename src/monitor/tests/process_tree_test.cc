#include "monitor/process_tree.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace mullion::monitor {
namespace {

// The end of the pipe that all of them hold: it comes when the last of them is gone.
TEST(ProcessTree, TakesSessionsAndOrphansAlong) {
    std::array<int, 2> held{};
    ASSERT_EQ(::pipe(held.data()), 0);
    std::array<int, 2> ready{};
    ASSERT_EQ(::pipe(ready.data()), 0);
    const pid_t root = ::fork();
    if (root == 0) {
        ::setsid();
        become_root_of_tree();
        if (::fork() == 0) {
            ::setsid();
            if (::fork() != 0) ::_exit(0);  // Its parent is gone, and its session another.
            [[maybe_unused]] const auto written = ::write(ready[1], "x", 1);
            for (;;) ::pause();
        }
        for (;;) ::pause();
    }
    ::close(held[1]);
    ::close(ready[1]);
    char byte = 0;
    ASSERT_EQ(::read(ready[0], &byte, 1), 1);
    kill_tree(root);
    int status = 0;
    ASSERT_EQ(::waitpid(root, &status, 0), root);
    EXPECT_TRUE(WIFSIGNALED(status));
    ::alarm(20);  // In place of a hang.
    EXPECT_EQ(::read(held[0], &byte, 1), 0) << "all of them are gone";
    ::alarm(0);
    ::close(held[0]);
    ::close(ready[0]);
}

TEST(ProcessTree, NeverMeansEverybody) {
    for (const pid_t nobody : {0, 1, -1}) kill_tree(nobody);
    SUCCEED();  // It is still here.
}

}  // namespace
}  // namespace mullion::monitor
