// kill -9 of the monitor, and of its keeper: what the commands have started must not outlive them.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "monitor/tests/adopting.h"
#include "monitor/tests/running_monitor.h"
#include "os/seqpacket.h"

namespace mullion::monitor {
namespace {

struct KeeperTest : testing::Test {
    Adopting adopting;
    StateFolder state;
    RunningMonitor monitor{state.path()};

    // The leader of the command's group; its script says "ready" when it is.
    pid_t start(std::uint64_t token, const std::string& script) {
        monitor.send(shell(token, script));
        events.push_back(monitor.next_of(token));
        EXPECT_EQ(events.back().descriptors.size(), 3U);
        if (events.back().descriptors.size() == 3) {
            EXPECT_EQ(read_until(events.back().descriptors[1], "ready\n"), "ready\n");
        }
        return static_cast<pid_t>(std::get<os::Spawned>(events.back().message).pid);
    }
    void expect_all_gone_after_kill() {
        ASSERT_EQ(::kill(monitor.worker(), SIGKILL), 0);
        EXPECT_EQ(monitor.wait(), 128 + SIGKILL);
        Adopting::wait_for_all();
    }
    std::vector<Event> events;
};

TEST_F(KeeperTest, EndsWhatRunsInTheBackground) {
    const pid_t leader =
        start(1, "trap '' TERM INT HUP; sleep 1000 & sh -c 'sleep 1000 & wait' & echo ready; wait");
    expect_all_gone_after_kill();
    EXPECT_FALSE(group_exists(leader));
}

TEST_F(KeeperTest, EndsWhatAnEndedLeaderLeft) {
    const pid_t leader = start(1, "sleep 1000 & echo ready");
    EXPECT_EQ(std::get<os::Exited>(monitor.next_of(1).message).value, 0);
    expect_all_gone_after_kill();
    EXPECT_FALSE(group_exists(leader));
}

// As exec of a set-user-id program does it by itself.
TEST_F(KeeperTest, EndsALeaderThatNoLongerFollowsTheMonitor) {
    const pid_t leader = start(1, "exec setpriv --pdeathsig clear sh -c 'echo ready; sleep 1000; :'");
    expect_all_gone_after_kill();
    EXPECT_FALSE(group_exists(leader));
}

TEST_F(KeeperTest, EndsACommandThatHasJustBeenAskedFor) {
    for (std::uint64_t token = 1; token <= 32; ++token) monitor.send(shell(token, "sleep 1000 & sleep 1000"));
    expect_all_gone_after_kill();
}

TEST_F(KeeperTest, TellsTheNetworkProcessAtOnce) {
    ASSERT_EQ(::kill(monitor.worker(), SIGKILL), 0);
    pollfd closed{monitor.socket(), POLLIN, 0};
    ASSERT_EQ(::poll(&closed, 1, 20'000), 1);
    const auto packet = os::receive_packet(monitor.socket(), 0);
    EXPECT_TRUE(!packet.ok() || packet->kind == os::Packet::Kind::closed);
    EXPECT_EQ(monitor.wait(), 128 + SIGKILL);
}

TEST_F(KeeperTest, WhenItIsKilledTheMonitorEndsEverythingInOrder) {
    const pid_t leader = start(1, "trap '' TERM; sleep 1000 & echo ready; wait");
    ASSERT_EQ(::kill(monitor.pid(), SIGKILL), 0);
    EXPECT_EQ(monitor.wait(), 128 + SIGKILL);
    Adopting::wait_for_all();  // The monitor among them.
    EXPECT_FALSE(group_exists(leader));
}

// docs/service.md: who makes a session of its own, as daemons do, is no part of the command.
TEST_F(KeeperTest, LeavesDaemonsAloneAndReapsThem) {
    start(1, "setsid sh -c 'sleep 1000 & echo $! >&2; wait' & setsid true & wait $!; echo ready");
    const auto daemon = static_cast<pid_t>(std::stol(read_until(events.back().descriptors[2], "\n")));
    monitor.send(os::Release{1});
    const pid_t worker = monitor.worker();
    const auto only_daemon_and_monitor = [&] {
        const auto children = children_of(monitor.pid());
        return children.size() == 2 && std::count(children.begin(), children.end(), worker) == 1;
    };
    for (int i = 0; i < 2000 && !only_daemon_and_monitor(); ++i) ::poll(nullptr, 0, 10);
    EXPECT_TRUE(only_daemon_and_monitor());
    ASSERT_EQ(::kill(worker, SIGKILL), 0);
    EXPECT_EQ(monitor.wait(), 128 + SIGKILL);
    EXPECT_EQ(::kill(daemon, 0), 0);
    ::kill(daemon, SIGKILL);
    Adopting::wait_for_all();
}

}  // namespace
}  // namespace mullion::monitor
