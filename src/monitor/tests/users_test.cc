// Becoming other users, which only root can, and the refusals.
#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "monitor/tests/running_monitor.h"
#include "os/user.h"

namespace mullion::monitor {
namespace {

struct AsRoot : testing::Test {
    void SetUp() override {
        if (!os::is_root()) GTEST_SKIP() << "needs root";
    }
    os::SpawnRequest as_nobody(const std::string& script) {
        os::SpawnRequest request = shell(++token, script);
        request.unix_user = "nobody";
        return request;
    }
    void expect_refused(RunningMonitor& monitor) {
        const auto outcome = monitor.run(as_nobody("true"));
        EXPECT_FALSE(outcome.started);
        EXPECT_EQ(outcome.failure.step, "become user");
        EXPECT_EQ(outcome.failure.error, EPERM);
    }
    std::uint64_t token = 0;
    StateFolder state;
};

TEST_F(AsRoot, BecomesAListedUserForGood) {
    state.write_list("# comment\nnobody\n");
    RunningMonitor monitor{state.path()};
    const auto nobody = os::find_user("nobody").value().value();
    const auto ids = monitor.run(
        as_nobody("id -u; id -g; id -G; grep -E '^(Uid|Gid|CapEff|CapPrm|CapAmb):' /proc/self/status"));
    ASSERT_TRUE(ids.started) << ids.failure.step;
    const std::string uid = std::to_string(nobody.uid);
    const std::string gid = std::to_string(nobody.gid);
    EXPECT_EQ(ids.output,
              uid + "\n" + gid + "\n" + gid + "\n" + "Uid:\t" + uid + "\t" + uid + "\t" + uid + "\t" + uid +
                  "\nGid:\t" + gid + "\t" + gid + "\t" + gid + "\t" + gid +
                  "\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapAmb:\t0000000000000000\n");
    EXPECT_NE(monitor.run(as_nobody("cat /etc/shadow")).exited.value, 0);
    // Sudo must still work for who has it: nothing forbids new privileges.
    EXPECT_EQ(monitor.run(as_nobody("grep NoNewPrivs /proc/self/status")).output, "NoNewPrivs:\t0\n");
    EXPECT_EQ(monitor.run(as_nobody("echo o > /dev/stdout; echo e > /dev/stderr")).error, "e\n");
}

TEST_F(AsRoot, StartsWhereTheUserMayBe) {
    state.write_list("nobody\n");
    RunningMonitor monitor{state.path()};
    // nobody's home, /nonexistent, is missing.
    os::SpawnRequest request = as_nobody("pwd");
    request.working_directory.clear();
    EXPECT_EQ(monitor.run(request).output, "/\n");
    request = as_nobody("pwd");
    request.working_directory = state.path();  // 0700 and root's.
    const auto outcome = monitor.run(request);
    EXPECT_EQ(outcome.failure.step, "change directory");
    EXPECT_EQ(outcome.failure.error, EACCES);
}

TEST_F(AsRoot, SeesAChangedListAtOnce) {
    state.write_list("root\n");
    RunningMonitor monitor{state.path()};
    expect_refused(monitor);
    state.write_list("nobody\n");
    EXPECT_EQ(monitor.run(as_nobody("echo in")).output, "in\n");
    ASSERT_EQ(::unlink(state.list().c_str()), 0);
    expect_refused(monitor);
}

TEST_F(AsRoot, BecomesRootOnlyWhenRootIsListed) {
    state.write_list("nobody\n");
    RunningMonitor monitor{state.path()};
    os::SpawnRequest request = shell(1, "id -u");
    request.unix_user = "root";
    EXPECT_EQ(monitor.run(request).failure.step, "become user");
    state.write_list("nobody\nroot\n");
    EXPECT_EQ(monitor.run(request).output, "0\n");
}

TEST_F(AsRoot, DoesNotKnowWhoDoesNotExist) {
    state.write_list("no-such-user\n");
    RunningMonitor monitor{state.path()};
    os::SpawnRequest request = shell(1, "true");
    request.unix_user = "no-such-user";
    const auto outcome = monitor.run(request);
    EXPECT_EQ(outcome.failure.step, "look up user");
    EXPECT_EQ(outcome.failure.error, ENOENT);
}

// The network process owns the folder. Whatever it puts there, it names nobody.
TEST_F(AsRoot, TrustsNoListThatOthersCouldHaveMade) {
    RunningMonitor monitor{state.path()};
    const auto nobody = os::find_user("nobody").value().value();
    state.write_list("nobody\n");
    ASSERT_EQ(::chown(state.list().c_str(), nobody.uid, nobody.gid), 0);
    expect_refused(monitor);
    for (const mode_t mode : {0620, 0602, 0666}) {
        state.write_list("nobody\n");
        ASSERT_EQ(::chmod(state.list().c_str(), mode), 0);
        expect_refused(monitor);
    }
    // A link to a list that is fine.
    state.write_list("nobody\n");
    const std::string other = state.path() + "/other";
    ASSERT_EQ(::rename(state.list().c_str(), other.c_str()), 0);
    ASSERT_EQ(::symlink("other", state.list().c_str()), 0);
    expect_refused(monitor);
    // A second name for it.
    ASSERT_EQ(::unlink(state.list().c_str()), 0);
    ASSERT_EQ(::link(other.c_str(), state.list().c_str()), 0);
    expect_refused(monitor);
    // A FIFO, which must not hold the monitor; a folder.
    ASSERT_EQ(::unlink(state.list().c_str()), 0);
    ASSERT_EQ(::mkfifo(state.list().c_str(), 0600), 0);
    expect_refused(monitor);
    ASSERT_EQ(::unlink(state.list().c_str()), 0);
    ASSERT_EQ(::mkdir(state.list().c_str(), 0700), 0);
    expect_refused(monitor);
}

// As nobody, itself and nobody else.
TEST_F(AsRoot, WithoutRootIsOneselfOnly) {
    const auto nobody = os::find_user("nobody").value().value();
    ASSERT_EQ(::chmod(state.path().c_str(), 0755), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        if (::setgroups(0, nullptr) != 0 || ::setgid(nobody.gid) != 0 || ::setuid(nobody.uid) != 0)
            ::_exit(1);
        if (::access(MULLION_MONITOR, X_OK) != 0 || ::access(state.path().c_str(), X_OK) != 0) ::_exit(77);
        RunningMonitor monitor{state.path()};
        const auto self = monitor.run("id -un");
        if (self.output != "nobody\n") ::_exit(2);
        os::SpawnRequest request = shell(1, "true");
        request.unix_user = "root";
        if (monitor.run(request).failure.error != EPERM) ::_exit(3);
        request.unix_user = "daemon";
        if (monitor.run(request).failure.step != "become user") ::_exit(4);
        monitor.close_socket();
        ::_exit(monitor.wait() == 0 ? 0 : 5);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "nobody cannot reach " << MULLION_MONITOR;
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace mullion::monitor
