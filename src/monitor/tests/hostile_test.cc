// A network process that breaks the rules, does not read, or dies.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "monitor/tests/adopting.h"
#include "monitor/tests/running_monitor.h"
#include "os/seqpacket.h"

namespace mullion::monitor {
namespace {

constexpr int broken_rules = 4;  // Exit status.

// A monitor with one command that runs, whose group has a second process that ignores all it can.
struct HostileTest : testing::Test {
    Adopting adopting;
    StateFolder state;
    RunningMonitor monitor{state.path()};
    pid_t leader = 0;
    Event started;

    void SetUp() override {
        monitor.send(shell(1, "trap '' TERM INT QUIT HUP; sleep 1000 & echo ready; wait"));
        started = monitor.next_of(1);
        ASSERT_EQ(started.descriptors.size(), 3U);
        ASSERT_EQ(read_until(started.descriptors[1], "\n"), "ready\n");
        leader = static_cast<pid_t>(std::get<os::Spawned>(started.message).pid);
    }
    // Ended with this status, and nothing is left of the group.
    void expect_end(int status) {
        EXPECT_EQ(monitor.wait(), status);
        Adopting::wait_for_all();
        EXPECT_FALSE(group_exists(leader));
    }
};

TEST_F(HostileTest, EndsWithEveryGroupWhenTheSocketCloses) {
    monitor.close_socket();
    expect_end(0);
}

TEST_F(HostileTest, EndsWithEveryGroupOnTerm) {
    ASSERT_EQ(::kill(monitor.pid(), SIGTERM), 0);
    expect_end(0);
}

TEST_F(HostileTest, HearsNothingOfTheTerminal) {
    for (const int number : {SIGINT, SIGQUIT, SIGHUP, SIGTSTP}) ASSERT_EQ(::kill(monitor.pid(), number), 0);
    EXPECT_EQ(monitor.run("echo here").output, "here\n");
}

TEST_F(HostileTest, EndsOnAMalformedMessage) {
    monitor.send_bytes("not a message");
    expect_end(broken_rules);
}

TEST_F(HostileTest, EndsOnEveryTruncation) {
    monitor.close_socket();
    expect_end(0);
    const std::string whole = os::encode(os::ToMonitor(shell(1, "true")));
    for (std::size_t size = 1; size < whole.size(); size += 3) {
        RunningMonitor one{state.path()};
        one.send_bytes(whole.substr(0, size));
        EXPECT_EQ(one.wait(), broken_rules) << size;
    }
}

TEST_F(HostileTest, EndsOnAMessageOfTheOtherDirection) {
    monitor.send_bytes(os::encode(os::FromMonitor(os::Exited{1, false, 0})));
    expect_end(broken_rules);
}

TEST_F(HostileTest, EndsOnATokenThatIsInUse) {
    monitor.send(shell(1, "true"));
    expect_end(broken_rules);
}

TEST_F(HostileTest, EndsOnDescriptorsItDidNotAskFor) {
    const std::array<int, 1> gift{0};
    ASSERT_TRUE(os::send_packet(monitor.socket(), os::encode(os::ToMonitor(os::Release{9})), gift).ok());
    expect_end(broken_rules);
}

TEST_F(HostileTest, EndsOnAMessageOverTheLimit) {
    const std::string large(os::spawn_message_limit + 1, '\1');
    ASSERT_EQ(::send(monitor.socket(), large.data(), large.size(), 0), static_cast<ssize_t>(large.size()));
    expect_end(broken_rules);
}

TEST_F(HostileTest, IgnoresSignalsForTokensNobodyHas) {
    monitor.send(os::SignalRequest{0, os::SignalRequest::What::kill});
    monitor.send(os::SignalRequest{77, os::SignalRequest::What::interrupt});
    monitor.send(os::Release{78});
    EXPECT_EQ(monitor.run("echo here").output, "here\n");
    EXPECT_TRUE(group_exists(leader));
}

// It neither blocks nor grows when its answers are not read; everything comes once they are.
TEST_F(HostileTest, WaitsForAPeerThatDoesNotRead) {
    ASSERT_TRUE(os::set_nonblocking(monitor.socket()).ok());
    os::SpawnRequest request = shell(0, "");
    request.argv = {"/nonexistent"};
    std::uint64_t sent = 0;
    // Until requests are stuck: the monitor has stopped reading. A poll tells that it stays so.
    for (pollfd wait{monitor.socket(), POLLOUT, 0}; ::poll(&wait, 1, 500) == 1;) {
        request.token = 100 + sent;
        if (!os::send_packet(monitor.socket(), os::encode(os::ToMonitor(request))).value()) continue;
        if (++sent == 20'000) break;
    }
    ASSERT_LT(sent, 20'000U);
    for (std::uint64_t i = 0; i < sent; ++i) {
        ASSERT_TRUE(std::holds_alternative<os::SpawnFailed>(monitor.next().message)) << i << " of " << sent;
    }
    ASSERT_EQ(::kill(monitor.pid(), SIGTERM), 0);
    expect_end(0);
}

TEST_F(HostileTest, EndsWhileItsAnswersAreStuck) {
    ASSERT_TRUE(os::set_nonblocking(monitor.socket()).ok());
    os::SpawnRequest request = shell(0, "");
    request.argv = {"/nonexistent"};
    for (pollfd wait{monitor.socket(), POLLOUT, 0}; ::poll(&wait, 1, 500) == 1; ++request.token) {
        request.token += 100;
        (void)os::send_packet(monitor.socket(), os::encode(os::ToMonitor(request)));
    }
    monitor.close_socket();
    expect_end(0);
}

// A network process that is killed leaves no process behind.
TEST(KilledPeer, LeavesNothing) {
    const Adopting adopting;
    const StateFolder state;
    std::array<int, 2> news{};
    ASSERT_EQ(::pipe2(news.data(), O_CLOEXEC), 0);
    const pid_t peer = ::fork();
    if (peer == 0) {
        RunningMonitor monitor(state.path());
        monitor.send(shell(1, "sleep 1000 & echo ready; sleep 1000"));
        const Event started = monitor.next_of(1);
        (void)read_until(started.descriptors[1], "\n");
        const auto leader = static_cast<pid_t>(std::get<os::Spawned>(started.message).pid);
        if (::write(news[1], &leader, sizeof leader) != sizeof leader) ::_exit(1);
        for (;;) ::pause();
    }
    ::close(news[1]);
    pid_t leader = 0;
    ASSERT_EQ(::read(news[0], &leader, sizeof leader), static_cast<ssize_t>(sizeof leader));
    ::close(news[0]);
    EXPECT_TRUE(group_exists(leader));
    ASSERT_EQ(::kill(peer, SIGKILL), 0);
    Adopting::wait_for_all();  // The peer, the monitor, and what was left of the group.
    EXPECT_FALSE(group_exists(leader));
}

// The other end must come from the parent: here it is made by a process in between.
TEST(Startup, RefusesASocketThatIsNotTheParents) {
    const StateFolder state;
    const auto pair = os::make_seqpacket_pair().value();
    const pid_t middle = ::fork();
    if (middle == 0) {
        const pid_t child = ::fork();
        if (child == 0) {
            ::dup2(pair.second.get(), 3);
            if (pair.second.get() == 3) ::fcntl(3, F_SETFD, 0);
            ::execl(MULLION_MONITOR, "mullion-monitor", "--state", state.path().c_str(), nullptr);
            ::_exit(99);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ::_exit(WEXITSTATUS(status));
    }
    int status = 0;
    ASSERT_EQ(::waitpid(middle, &status, 0), middle);
    EXPECT_EQ(WEXITSTATUS(status), 4);
}

TEST(Startup, NeedsASocketAndAStateDirectory) {
    const auto status_of = [](std::vector<const char*> words) {
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(3);
            words.push_back(nullptr);
            ::execv(MULLION_MONITOR, const_cast<char**>(words.data()));
            ::_exit(99);
        }
        int status = 0;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        return WEXITSTATUS(status);
    };
    EXPECT_EQ(status_of({"mullion-monitor"}), 5);
    EXPECT_EQ(status_of({"mullion-monitor", "--state"}), 5);
    EXPECT_EQ(status_of({"mullion-monitor", "--other", "/tmp"}), 5);
    EXPECT_EQ(status_of({"mullion-monitor", "--state", "/tmp"}), 4);
}

}  // namespace
}  // namespace mullion::monitor
