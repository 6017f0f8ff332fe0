// Commands through the real monitor, as the user that runs the tests.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <sstream>

#include "monitor/tests/running_monitor.h"
#include "os/user.h"

namespace mullion::monitor {
namespace {

struct MonitorTest : testing::Test {
    StateFolder state;
    RunningMonitor monitor{state.path()};

    // Started, with what it printed up to the first line end.
    Event start(std::uint64_t token, const std::string& script) {
        monitor.send(shell(token, script));
        Event event = monitor.next_of(token);
        EXPECT_TRUE(std::holds_alternative<os::Spawned>(event.message));
        if (event.descriptors.size() == 3) line = read_until(event.descriptors[1], "\n");
        return event;
    }
    os::Exited end_of(std::uint64_t token) { return std::get<os::Exited>(monitor.next_of(token).message); }
    std::string line;
};

TEST_F(MonitorTest, RunsACommand) {
    const auto outcome = monitor.run("cat; echo oops >&2; exit 3", "in \xC3\xA4\n");
    ASSERT_TRUE(outcome.started) << outcome.failure.step;
    EXPECT_EQ(outcome.output, "in \xC3\xA4\n");
    EXPECT_EQ(outcome.error, "oops\n");
    EXPECT_FALSE(outcome.exited.signalled);
    EXPECT_EQ(outcome.exited.value, 3);
}

TEST_F(MonitorTest, GivesAMegabyteUnchanged) {
    EXPECT_EQ(monitor.run("head -c 1000000 /dev/zero").output.size(), 1'000'000U);
}

TEST_F(MonitorTest, OpensTheStandardFilesByName) {
    const auto outcome = monitor.run("cat /dev/stdin > /dev/stdout; echo e > /dev/stderr", "through\n");
    EXPECT_EQ(outcome.output, "through\n");
    EXPECT_EQ(outcome.error, "e\n");
}

TEST_F(MonitorTest, SaysWhichSignalEndedIt) {
    const auto outcome = monitor.run("kill -TERM $$");
    EXPECT_TRUE(outcome.exited.signalled);
    EXPECT_EQ(outcome.exited.value, SIGTERM);
}

TEST_F(MonitorTest, GivesACleanEnvironment) {
    os::SpawnRequest request = shell(1, "");
    const auto user = os::current_user().value();
    request.argv = {"/usr/bin/env"};
    request.environment = {{"GREETING", "hello world"}, {"LANG", "de_DE.UTF-8"}, {"GREETING", "later wins"}};
    const auto outcome = monitor.run(request);
    EXPECT_NE(outcome.output.find("GREETING=later wins\n"), std::string::npos);
    EXPECT_NE(outcome.output.find("LANG=de_DE.UTF-8\n"), std::string::npos);
    EXPECT_NE(outcome.output.find("HOME=" + user.home + "\n"), std::string::npos);
    EXPECT_NE(outcome.output.find("LOGNAME=" + user.name + "\n"), std::string::npos);
    EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), 7) << outcome.output;
}

TEST_F(MonitorTest, RefusesVariablesForTheLoader) {
    os::SpawnRequest request = shell(1, "true");
    request.environment = {{"LD_PRELOAD", "/tmp/evil.so"}};
    const auto outcome = monitor.run(request);
    EXPECT_FALSE(outcome.started);
    EXPECT_EQ(outcome.failure.error, EPERM);
    EXPECT_EQ(outcome.failure.step, "set environment");
}

TEST_F(MonitorTest, StartsWhereItIsAsked) {
    os::SpawnRequest request = shell(1, "pwd");
    request.working_directory = "/usr/bin";
    EXPECT_EQ(monitor.run(request).output, "/usr/bin\n");
    request.token = 2;
    request.working_directory = "/nonexistent";
    const auto outcome = monitor.run(request);
    EXPECT_FALSE(outcome.started);
    EXPECT_EQ(outcome.failure.step, "change directory");
    EXPECT_EQ(outcome.failure.error, ENOENT);
}

TEST_F(MonitorTest, SaysWhenThereIsNoSuchProgram) {
    os::SpawnRequest request = shell(1, "");
    request.argv = {"/nonexistent/program"};
    const auto outcome = monitor.run(request);
    EXPECT_FALSE(outcome.started);
    EXPECT_EQ(outcome.failure.step, "execute");
    EXPECT_EQ(outcome.failure.error, ENOENT);
    request.token = 2;
    request.argv = {"/etc/passwd"};
    EXPECT_EQ(monitor.run(request).failure.error, EACCES);
    // The monitor forgot them.
    EXPECT_TRUE(monitor.children().empty());
    EXPECT_EQ(monitor.run("echo still here").output, "still here\n");
}

TEST_F(MonitorTest, LooksForABareNameOnThePathOfTheCommand) {
    os::SpawnRequest request = shell(1, "");
    request.argv = {"sh", "-c", "echo $0 found"};
    EXPECT_EQ(monitor.run(request).output, "sh found\n");
    request.environment = {
        {"PATH", ":.:usr/bin:/nonexistent:/etc/passwd:/" + std::string(5000, 'x') + ":/bin:/nonexistent"}};
    request.token = 2;
    EXPECT_EQ(monitor.run(request).output, "sh found\n");
    request.environment = {{"PATH", ".:bin"}};  // Only whole paths count.
    request.working_directory = "/usr";
    request.token = 3;
    EXPECT_EQ(monitor.run(request).failure.error, ENOENT);
    request.environment = {{"PATH", ""}};
    request.token = 4;
    EXPECT_EQ(monitor.run(request).failure.error, ENOENT);
    request.argv = {"passwd"};
    request.environment = {{"PATH", "/etc:/nonexistent"}};
    request.token = 5;
    const auto denied = monitor.run(request);
    EXPECT_EQ(denied.failure.error, EACCES);
    EXPECT_EQ(denied.failure.step, "execute");
}

// Names that take the kernel milliseconds each, through as many links as it follows; and thousands of them.
std::string longest_search(const std::string& folder) {
    constexpr int most_links = 39;
    EXPECT_EQ(::mkdir((folder + "/a").c_str(), 0755), 0);
    std::string detour;
    for (int i = 0; i < 800; ++i) detour += "a/../";
    for (int i = 0; i < most_links; ++i) {
        const std::string target = detour + (i == 0 ? "a" : "l" + std::to_string(i - 1));
        EXPECT_EQ(::symlink(target.c_str(), (folder + "/l" + std::to_string(i)).c_str()), 0);
    }
    std::string path;
    const std::string one = folder + "/l" + std::to_string(most_links - 1) + ":";
    while (path.size() + one.size() < 100'000) path += one;
    return path;
}

TEST_F(MonitorTest, KillsWhatHasNotBegun) {
    os::SpawnRequest request = shell(1, "");
    request.argv = {"sh", "-c", "true"};
    request.environment = {{"PATH", longest_search(state.path()) + ":/bin"}};
    monitor.send(request);
    monitor.send(os::SignalRequest{1, os::SignalRequest::What::kill});
    // It cannot be told apart from one that began: it is said to have, and to have been killed.
    EXPECT_TRUE(std::holds_alternative<os::Spawned>(monitor.next_of(1).message));
    const os::Exited end = end_of(1);
    EXPECT_TRUE(end.signalled);
    EXPECT_EQ(end.value, SIGKILL);
    monitor.send(os::Release{1});
    EXPECT_EQ(monitor.run("echo next").output, "next\n");
}

TEST_F(MonitorTest, PassesNoDescriptorSignalMaskOrUmask) {
    os::SpawnRequest request = shell(1, "");
    request.argv = {"/bin/ls", "/proc/self/fd"};
    EXPECT_EQ(monitor.run(request).output, "0\n1\n2\n3\n");  // 3 is the folder that ls reads.
    EXPECT_EQ(monitor.run("umask").output, "0022\n");
    const auto status = monitor.run("grep -E 'Sig(Blk|Ign)' /proc/self/status").output;
    EXPECT_EQ(status, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_F(MonitorTest, MakesASessionAndGroupOfItsOwn) {
    const auto outcome = monitor.run("echo $$; cut -d' ' -f5,6 /proc/$$/stat");
    std::istringstream in(outcome.output);
    pid_t pid = 0;
    pid_t group = 1;
    pid_t session = 2;
    in >> pid >> group >> session;
    EXPECT_EQ(group, pid);
    EXPECT_EQ(session, pid);
}

TEST_F(MonitorTest, InterruptsTheWholeGroup) {
    // sh runs its trap only once the child in front is gone: told alone, it would wait for 1000 s.
    const Event started =
        start(1, "trap 'echo parent; exit 5' INT; sh -c 'echo ready; exec sleep 1000'; exit 6");
    ASSERT_EQ(line, "ready\n");
    monitor.send(os::SignalRequest{1, os::SignalRequest::What::interrupt});
    const std::string rest = read_until(started.descriptors[1], "parent\n");
    EXPECT_EQ(rest, "parent\n");
    EXPECT_EQ(end_of(1).value, 5);
    monitor.send(os::Release{1});
}

TEST_F(MonitorTest, QuitsAndKills) {
    const Event quit = start(1, "echo ready; exec sleep 1000");
    monitor.send(os::SignalRequest{1, os::SignalRequest::What::quit});
    EXPECT_EQ(end_of(1).value, SIGQUIT);
    const Event killed = start(2, "trap '' INT QUIT TERM; echo ready; sleep 1000 & wait");
    monitor.send(os::SignalRequest{2, os::SignalRequest::What::kill});
    EXPECT_EQ(end_of(2).value, SIGKILL);
    // The child in the background too: nothing holds the pipe any more.
    EXPECT_EQ(read_until(killed.descriptors[1]), "");
    monitor.send(os::Release{1});
    monitor.send(os::Release{2});
}

TEST_F(MonitorTest, ReachesTheChildrenThatALeaderLeft) {
    const Event started = start(1, "sleep 1000 & echo ready");
    EXPECT_EQ(end_of(1).value, 0);
    const auto leader = static_cast<pid_t>(std::get<os::Spawned>(started.message).pid);
    EXPECT_TRUE(group_exists(leader));
    EXPECT_EQ(monitor.children(), std::vector<pid_t>{leader});  // Kept as a zombie.
    monitor.send(os::SignalRequest{1, os::SignalRequest::What::kill});
    EXPECT_EQ(read_until(started.descriptors[1]), "");
    monitor.send(os::Release{1});
    EXPECT_EQ(monitor.run("echo next").output, "next\n");
    EXPECT_TRUE(monitor.children().empty());
}

TEST_F(MonitorTest, KillsAndForgetsOnRelease) {
    const Event running = start(1, "sleep 1000 & echo ready; sleep 1000");
    monitor.send(os::Release{1});
    EXPECT_EQ(read_until(running.descriptors[1]), "");
    const Event ended = start(2, "sleep 1000 & echo ready");
    EXPECT_EQ(end_of(2).value, 0);
    monitor.send(os::Release{2});
    EXPECT_EQ(read_until(ended.descriptors[1]), "");
    // No Exited came for 1, and the tokens mean nothing now.
    monitor.send(os::SignalRequest{2, os::SignalRequest::What::kill});
    monitor.send(os::Release{1});
    monitor.send(shell(3, "exit 7"));
    EXPECT_EQ(monitor.next().token(), 3U);
}

TEST_F(MonitorTest, StartsAThousandWithoutLeaks) {
    EXPECT_EQ(monitor.run("echo warm").output, "warm\n");
    const long before = monitor.descriptors();
    for (std::uint64_t token = 1; token <= 1000; ++token) {
        os::SpawnRequest request = shell(token, "");
        request.argv = {"/bin/true"};
        const auto outcome = monitor.run(request);
        ASSERT_TRUE(outcome.started) << token << ": " << outcome.failure.step;
        ASSERT_EQ(outcome.exited.value, 0);
    }
    EXPECT_EQ(monitor.run("echo last").output, "last\n");
    monitor.send(shell(5000, "exit 1"));
    EXPECT_EQ(monitor.next_of(5000).descriptors.size(), 3U);
    EXPECT_EQ(end_of(5000).value, 1);
    EXPECT_EQ(monitor.descriptors(), before);
    EXPECT_EQ(monitor.children().size(), 1U);
}

TEST_F(MonitorTest, KeepsManyApartAtATime) {
    constexpr std::uint64_t many = 100;
    for (std::uint64_t token = 1; token <= many; ++token) {
        monitor.send(shell(token, "read x; exit $x"));
    }
    std::vector<Event> events;
    for (std::uint64_t token = 1; token <= many; ++token) {
        events.push_back(monitor.next_of(token));
        ASSERT_EQ(events.back().descriptors.size(), 3U);
    }
    for (std::uint64_t token = many; token >= 1; --token) {
        const std::string code = std::to_string(token) + "\n";
        ASSERT_GT(::write(events[token - 1].descriptors[0].get(), code.data(), code.size()), 0);
        EXPECT_EQ(end_of(token).value, static_cast<int>(token));
        monitor.send(os::Release{token});
    }
}

}  // namespace
}  // namespace mullion::monitor
