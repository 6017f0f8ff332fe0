#include "monitor/memory_groups.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "monitor/control_group.h"
#include "monitor/tests/adopting.h"
#include "monitor/tests/running_monitor.h"

namespace mullion::monitor {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view two_mounts =
    "30 24 0:26 / /sys rw shared:7 - sysfs sysfs rw\n"
    "31 30 0:27 / /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory\n"
    "32 30 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";

TEST(ControlGroups, AreFoundInBothVersions) {
    const auto found = find_group_folders("4:cpu,cpuacct:/x\n3:memory:/a/b\n0::/c\n", two_mounts);
    EXPECT_EQ(found.version_1, "/sys/fs/cgroup/memory/a/b");
    EXPECT_EQ(found.version_2, "/sys/fs/cgroup/unified/c");
}

TEST(ControlGroups, AtTheTopAreTheMountItself) {
    const auto found = find_group_folders("3:memory:/\n0::/\n", two_mounts);
    EXPECT_EQ(found.version_1, "/sys/fs/cgroup/memory");
    EXPECT_EQ(found.version_2, "/sys/fs/cgroup/unified");
}

TEST(ControlGroups, OfAContainerAreBelowItsPartOfTheTree) {
    const auto found =
        find_group_folders("0::/docker/1\n", "9 8 0:3 /docker /sys/fs/cgroup rw - cgroup2 c rw\n");
    EXPECT_EQ(found.version_2, "/sys/fs/cgroup/1");
}

TEST(ControlGroups, ThatAreOutsideOrMissingAreNone) {
    EXPECT_FALSE(find_group_folders("0::/../..\n", two_mounts).version_2);
    EXPECT_FALSE(find_group_folders("", two_mounts).version_1);
    EXPECT_FALSE(find_group_folders("0::/c\n3:memory:/a\n", "").version_1);
    EXPECT_FALSE(find_group_folders("0::/c\n", "nonsense\n - cgroup2 a b\n-\n").version_1);
}

TEST(ControlGroups, CountersAreFoundByTheirName) {
    EXPECT_EQ(group_counter("low 1\noom 2\noom_kill 3\noom_group_kill 4\n", "oom_kill"), 3U);
    EXPECT_EQ(group_counter("low 1\n", "oom_kill"), 0U);
    EXPECT_EQ(group_counter("", "oom_kill"), 0U);
}

// The kernel of the machine that tests has one version at most; what is written is the same in a plain
// folder.
struct PlainFolder : testing::Test {
    StateFolder folder;
    fs::path shell = fs::path(folder.path()) / "S-1";
    // As the kernel makes its files with a group.
    void prepare(std::initializer_list<const char*> names) {
        fs::create_directory(shell);
        for (const char* name : names) EXPECT_TRUE(os::write_file_atomic(shell / name, "").ok());
    }
    void unmake() {
        for (const auto& entry : fs::directory_iterator(shell)) fs::remove(entry.path());
    }
};

TEST_F(PlainFolder, Version2GetsItsLimitWithoutSwap) {
    prepare({"memory.max", "memory.swap.max", "memory.events"});
    MemoryGroups groups(MemoryControl::version_2, folder.path());
    auto group = groups.of_shell("S-1", 64).value();
    EXPECT_EQ(read_group_file(shell / "memory.max"), "67108864");
    EXPECT_EQ(read_group_file(shell / "memory.swap.max"), "0");
    EXPECT_EQ(group->door(), shell / "cgroup.procs");
    EXPECT_EQ(group->kills(), 0U);
    ASSERT_TRUE(os::write_file_atomic(shell / "memory.events", "oom 3\noom_kill 2\n").ok());
    EXPECT_EQ(group->kills(), 2U);
    EXPECT_EQ(groups.of_shell("S-1", 64).value(), group) << "the commands of a shell share it";
}

TEST_F(PlainFolder, Version1IsLimitedWithItsSwap) {
    prepare({"memory.limit_in_bytes", "memory.memsw.limit_in_bytes"});
    MemoryGroups groups(MemoryControl::version_1, folder.path());
    const auto group = groups.of_shell("S-1", 1).value();
    EXPECT_EQ(read_group_file(shell / "memory.limit_in_bytes"), "1048576");
    EXPECT_EQ(read_group_file(shell / "memory.memsw.limit_in_bytes"), "1048576");
}

TEST_F(PlainFolder, AGroupThatCannotBeLimitedIsNoGroup) {
    MemoryGroups groups(MemoryControl::version_2, folder.path());
    EXPECT_EQ(groups.of_shell("S-1", 64).error().id, ErrorId::spawn_failed);
    EXPECT_FALSE(fs::exists(shell));
}

TEST_F(PlainFolder, WhatCannotBeRemovedIsTriedAgain) {
    prepare({"memory.max"});
    MemoryGroups groups(MemoryControl::version_2, folder.path());
    EXPECT_FALSE(groups.tidy());
    groups.of_shell("S-1", 64).value().reset();  // Its files stand for a process that is left in it.
    EXPECT_TRUE(groups.tidy());
    unsigned tries = 0;
    while (groups.tidy() && tries < 1'000) ++tries;
    EXPECT_LT(tries, 1'000U) << "a daemon does not keep the monitor busy";
    unmake();
    EXPECT_FALSE(groups.tidy());
    EXPECT_FALSE(fs::exists(shell));
}

// ---- with the real monitor, by whatever this machine has ----

struct RealMemory : testing::Test {
    Adopting adopting;
    StateFolder state;
    os::SpawnRequest limited(std::uint64_t token, const std::string& script, std::uint32_t megabytes) {
        os::SpawnRequest request = shell(token, script);
        request.shell = "ABC-1";
        request.memory_mb = megabytes;
        return request;
    }
    // Takes as many bytes as it is told, and holds them.
    static std::string hold(unsigned megabytes) {
        return "head -c " + std::to_string(megabytes) + "m /dev/zero | tail -c " + std::to_string(megabytes) +
               "m | wc -c";
    }
};

TEST_F(RealMemory, AShellThatTakesTooMuchIsStopped) {
    const auto control = MemoryGroups::open("test-" + std::to_string(::getpid())).control();
    RunningMonitor monitor{state.path()};
    // Positive control: what is within the limit, and what has none.
    EXPECT_EQ(monitor.run(limited(1, hold(8), 256)).output, "8388608\n");
    EXPECT_EQ(monitor.run(limited(2, hold(96), 0)).output, "100663296\n");
    const auto outcome = monitor.run(limited(3, hold(96), 32));
    ASSERT_TRUE(outcome.started) << outcome.failure.step;
    EXPECT_NE(outcome.output, "100663296\n");
    if (control == MemoryControl::each_process) {
        EXPECT_FALSE(outcome.exited.over_memory) << "who is refused memory is not killed";
    } else {
        EXPECT_TRUE(outcome.exited.over_memory);
    }
}

TEST_F(RealMemory, OneCommandTooMuchIsNotHeldAgainstTheNext) {
    RunningMonitor monitor{state.path()};
    (void)monitor.run(limited(1, hold(96), 32));
    const auto next = monitor.run(limited(2, "echo fine", 32));
    EXPECT_EQ(next.output, "fine\n");
    EXPECT_FALSE(next.exited.over_memory);
}

TEST_F(RealMemory, TheCommandsOfAShellShareIt) {
    if (MemoryGroups::open("test-" + std::to_string(::getpid())).control() == MemoryControl::each_process)
        GTEST_SKIP() << "no control groups here";
    RunningMonitor monitor{state.path()};
    // Each holds 24 MiB, of 40: by itself it may.
    EXPECT_FALSE(monitor.run(limited(2, hold(24), 40)).exited.over_memory);
    monitor.send(limited(1,
                         "head -c 24m /dev/zero | { tail -c 24m; sleep 1000; } | "
                         "(head -c 1 > /dev/null; echo holds; sleep 1000)",
                         40));
    const Event first = monitor.next_of(1);
    ASSERT_EQ(first.descriptors.size(), 3U);
    ASSERT_EQ(read_until(first.descriptors[1], "\n"), "holds\n");
    EXPECT_TRUE(monitor.run(limited(3, hold(24), 40)).exited.over_memory) << "whichever was killed";
    monitor.send(os::SignalRequest{1, os::SignalRequest::What::kill});
    (void)monitor.next_of(1);
    monitor.send(os::Release{1});
}

TEST_F(RealMemory, GroupsGoWithTheirShellsAndTheService) {
    const std::string name = "test-" + std::to_string(::getpid());
    MemoryGroups groups = MemoryGroups::open(name);
    if (groups.control() == MemoryControl::each_process) GTEST_SKIP() << "no control groups here";
    auto group = groups.of_shell("ABC", 64).value();
    const fs::path folder = fs::path(group->door()).parent_path();
    EXPECT_TRUE(fs::exists(folder));
    group.reset();
    EXPECT_FALSE(fs::exists(folder));
    // What a killed service left.
    fs::create_directory(folder);
    const MemoryGroups next = MemoryGroups::open(name);
    EXPECT_FALSE(fs::exists(folder));
    EXPECT_TRUE(next.remove());
    EXPECT_FALSE(fs::exists(folder.parent_path()));
}

}  // namespace
}  // namespace mullion::monitor
