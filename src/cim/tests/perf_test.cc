#include <gtest/gtest.h>

#include "cim/classes/classes.h"
#include "cim/classes/perf.h"
#include "cim/tests/made_up.h"

namespace mullion::cim {
namespace {

TEST(PerfProcessor, IsInUnitsOf100NsAndTotalIsTheMean) {
    MadeUp made;
    made.file("/proc/stat",
              "cpu 30 10 12 400 20 6 8 0\ncpu0 10 4 4 150 10 2 4 0\ncpu1 20 6 8 250 10 4 4 0\nintr 900 1\n")
        .file("/proc/interrupts", "  CPU0 CPU1\n 0: 5 6 x\n");
    const auto rows = rows_of(perf_processor(), made.machine);
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(number_of(rows[0], "PercentProcessorTime"), 16'000'000u);
    EXPECT_EQ(number_of(rows[0], "PercentUserTime"), 1'400'000u);
    EXPECT_EQ(number_of(rows[0], "PercentPrivilegedTime"), 1'000'000u);
    EXPECT_EQ(number_of(rows[1], "InterruptsPersec"), 6u);
    EXPECT_EQ(text_of(rows[2], "Name"), "_Total");
    EXPECT_EQ(number_of(rows[2], "PercentIdleTime"), 21'000'000u);
    EXPECT_EQ(number_of(rows[2], "InterruptsPersec"), 900u);
    EXPECT_EQ(number_of(rows[2], "Timestamp_Sys100NS"), 133'444'736'001'234'560u);
    EXPECT_EQ(number_of(rows[2], "Timestamp_PerfTime"), 98'765'432'100u);
    const auto at = perf_processor().shape().find("PercentProcessorTime");
    EXPECT_EQ(perf_processor().shape().entries()[*at].property->counter, 558'957'824u);
}

TEST(PerfProcessor, WithoutStatIsAFault) {
    MadeUp made;
    Gathered gathered;
    EXPECT_TRUE(perf_processor().enumerate(made.machine, {}, gathered));
}

TEST(PerfSystem, CountsAndWrapsAround) {
    MadeUp made;
    made.file("/proc/stat", "cpu 1 2 3 4\ncpu0 1 2 3 4\nctxt 4294967301\nbtime 1600000000\nprocs_running 4\n")
        .file("/proc/loadavg", "0 0 0 2/353 9\n")
        .folder("/proc/1");
    const auto row = std::move(rows_of(perf_system(), made.machine).at(0));
    EXPECT_EQ(number_of(row, "ContextSwitchesPersec"), 5u);
    EXPECT_EQ(number_of(row, "SystemUpTime"), 132'444'736'000'000'000u);
    EXPECT_EQ(number_of(row, "ProcessorQueueLength"), 3u);
    EXPECT_EQ(number_of(row, "Threads"), 353u);
    EXPECT_EQ(number_of(row, "Processes"), 1u);
    EXPECT_TRUE(is_null(row, "SystemCallsPersec"));
}

TEST(PerfMemory, TellsWhatTheFilesSay) {
    MadeUp made;
    made.file("/proc/meminfo",
              "MemFree: 1 kB\nMemAvailable: 4096 kB\nCached: 7 kB\nCommitLimit: 8192 kB\nCommitted_AS: 2048 "
              "kB\n")
        .file("/proc/vmstat", "pgfault 100\npgmajfault 5\npswpin 2\npswpout 3\n");
    const auto row = std::move(rows_of(perf_memory(), made.machine).at(0));
    EXPECT_EQ(number_of(row, "AvailableMBytes"), 4u);
    EXPECT_EQ(number_of(row, "AvailableBytes"), 4096u * 1024);
    EXPECT_EQ(number_of(row, "PercentCommittedBytesInUse"), 2u);
    EXPECT_EQ(number_of(row, "PercentCommittedBytesInUse_Base"), 8u);
    EXPECT_EQ(number_of(row, "PagesPersec"), 5u);
    EXPECT_EQ(number_of(row, "PageFaultsPersec"), 100u);
    EXPECT_TRUE(is_null(row, "PoolPagedBytes"));
}

}  // namespace
}  // namespace mullion::cim
