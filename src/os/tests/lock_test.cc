#include "os/lock.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

#include "os/tests/temporary_folder.h"

namespace mullion::os {
namespace {

TEST(LockFile, NamesItsHolder) {
    const TemporaryFolder folder;
    const auto first = LockFile::acquire(folder / "lock");
    ASSERT_TRUE(first.ok());
    const auto second = LockFile::acquire(folder / "lock");
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().id, ErrorId::state_locked);
    EXPECT_NE(second.error().detail.find("process " + std::to_string(::getpid())), std::string::npos);
}

TEST(LockFile, IsFreeAgainWhenTheHolderIsKilled) {
    const TemporaryFolder folder;
    std::array<int, 2> ready{};
    ASSERT_EQ(::pipe(ready.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto held = LockFile::acquire(folder / "lock");
        if (!held.ok() || ::write(ready[1], "r", 1) != 1) ::_exit(1);
        for (;;) ::pause();
    }
    ::close(ready[1]);
    char byte = 0;
    ASSERT_EQ(::read(ready[0], &byte, 1), 1);
    ::close(ready[0]);
    EXPECT_FALSE(LockFile::acquire(folder / "lock").ok());
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    EXPECT_TRUE(LockFile::acquire(folder / "lock").ok());
}

TEST(LockFile, FollowsNoLink) {
    const TemporaryFolder folder;
    ASSERT_EQ(::symlink("/dev/null", (folder / "lock").c_str()), 0);
    const auto lock = LockFile::acquire(folder / "lock");
    ASSERT_FALSE(lock.ok());
    EXPECT_EQ(lock.error().id, ErrorId::state_directory);
}

}  // namespace
}  // namespace mullion::os
