#include <gtest/gtest.h>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cim/classes/classes.h"
#include "cim/tests/made_up.h"

namespace mullion::cim {
namespace {

using namespace std::string_view_literals;

void add_process(MadeUp& made, unsigned id, const std::string& name) {
    made.file(fmt::format("/proc/{}/stat", id),
              fmt::format("{} ({}) S 1 2 3 0 -1 0 99 0 1 0 700 800 0 0 20 0 2 0 500 4096 3 1\n", id, name));
    made.file(fmt::format("/proc/{}/status", id),
              fmt::format(
                  "Name:\t{}\nTgid:\t{}\nVmPeak:\t 90 kB\nVmHWM:\t 80 kB\nRssAnon:\t 7 kB\nVmSwap:\t 2 kB\n",
                  name, id));
}

TEST(Process, TellsWhatTheFilesSay) {
    MadeUp made;
    add_process(made, 42, "fifteen-letters");
    made.file("/proc/stat", "btime 1600000000\n")
        .file("/proc/42/cmdline", "/opt/fifteen-letters-and-more\0-x\0b\xff\0"sv)
        .file("/proc/42/io", "rchar: 10\nwchar: 20\nsyscr: 3\nsyscw: 4\n")
        .folder("/proc/42/fd")
        .link("/proc/42/exe", "/opt/fifteen-letters-and-more")
        .file("/proc/42/fd/0", "")
        .file("/proc/42/fd/1", "");
    const auto rows = rows_of(process(), made.machine);
    ASSERT_EQ(rows.size(), 1u);
    const auto& row = rows[0];
    EXPECT_EQ(text_of(row, "Name"), "fifteen-letters-and-more");
    EXPECT_EQ(text_of(row, "CommandLine"), "/opt/fifteen-letters-and-more -x b\\xff");
    EXPECT_EQ(text_of(row, "ExecutablePath"), "/opt/fifteen-letters-and-more");
    EXPECT_EQ(text_of(row, "Handle"), "42");
    EXPECT_EQ(number_of(row, "HandleCount"), 2u);
    EXPECT_EQ(number_of(row, "ParentProcessId"), 1u);
    EXPECT_EQ(number_of(row, "ThreadCount"), 2u);
    EXPECT_EQ(number_of(row, "PageFaults"), 100u);
    EXPECT_EQ(number_of(row, "UserModeTime"), 70'000'000u);
    EXPECT_EQ(number_of(row, "KernelModeTime"), 80'000'000u);
    EXPECT_EQ(number_of(row, "VirtualSize"), 4096u);
    EXPECT_EQ(number_of(row, "WorkingSetSize"), 3u * 4096);
    EXPECT_EQ(number_of(row, "PeakWorkingSetSize"), 80u);
    EXPECT_EQ(number_of(row, "PeakVirtualSize"), 90u * 1024);
    EXPECT_EQ(number_of(row, "PageFileUsage"), 2u);
    EXPECT_EQ(number_of(row, "PrivatePageCount"), 9u * 1024);
    EXPECT_EQ(number_of(row, "ReadTransferCount"), 10u);
    EXPECT_EQ(number_of(row, "WriteOperationCount"), 4u);
    const auto* created = row.find("CreationDate");
    EXPECT_EQ(std::get<Moment>(std::get<Scalar>(*created)), (Moment{1'600'000'005'000'000, 60}));
    EXPECT_TRUE(is_null(row, "ExecutionState"));
    EXPECT_TRUE(is_null(row, "Priority"));
}

TEST(Process, LeavesOutWhatEnds) {
    MadeUp made;
    add_process(made, 1, "init");
    made.folder("/proc/2").file("/proc/3/stat", "3 (cut) S 1 2");
    const auto rows = rows_of(process(), made.machine);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(text_of(rows[0], "Name"), "init");
    EXPECT_TRUE(is_null(rows[0], "CommandLine"));
    EXPECT_TRUE(is_null(rows[0], "HandleCount"));
    EXPECT_TRUE(is_null(rows[0], "ReadTransferCount"));
}

TEST(Process, LongCommandLinesAreCut) {
    MadeUp made;
    add_process(made, 1, "x");
    made.file("/proc/1/cmdline", std::string(100'000, 'a'));
    EXPECT_EQ(text_of(rows_of(process(), made.machine).at(0), "CommandLine").size(),
              made.machine.limits.command_line);
}

TEST(Process, TenThousandAreOnePass) {
    MadeUp made;
    made.folder("/proc");
    // With as few calls as can be: four for each are enough on a busy machine.
    for (unsigned id = 1; id <= 10'000; ++id) {
        const auto folder = made.machine.below_root(fmt::format("/proc/{}", id));
        const auto text = fmt::format("{} (w) S 1 2 3 0 -1 0 9 0 1 0 7 8 0 0 20 0 2 0 5 4096 3 1\n", id);
        ASSERT_EQ(::mkdir(folder.c_str(), 0700), 0);
        const int file = ::open((folder + "/stat").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        ASSERT_EQ(::write(file, text.data(), text.size()), static_cast<ssize_t>(text.size()));
        ::close(file);
    }
    EXPECT_EQ(rows_of(process(), made.machine, {Wanted({"Name"}), {}}).size(), 10'000u);
    Gathered gathered;
    gathered.most = 10;
    EXPECT_FALSE(process().enumerate(made.machine, {}, gathered));
    EXPECT_EQ(gathered.rows.size(), 10u);
    made.machine.limits.entries = 9'000;
    EXPECT_TRUE(process().enumerate(made.machine, {}, gathered));
}

TEST(Process, WithoutProcIsAFault) {
    MadeUp made;
    Gathered gathered;
    EXPECT_TRUE(process().enumerate(made.machine, {}, gathered));
}

TEST(Process, IsFoundByItsHandle) {
    MadeUp made;
    add_process(made, 7, "seven");
    const auto found = process().get(made.machine, {}, {{"handle", "7"}});
    ASSERT_TRUE(found.instance);
    EXPECT_EQ(text_of(*found.instance, "Name"), "seven");
    EXPECT_FALSE(process().get(made.machine, {}, {{"Handle", "8"}}).instance);
    EXPECT_FALSE(process().get(made.machine, {}, {{"Handle", "../7"}}).instance);
    // A thread of it.
    made.file("/proc/9/stat", "9 (t) S 1 2 3 0 -1 0 99 0 1 0 7 8 0 0 20 0 2 0 5 4096 3 1\n")
        .file("/proc/9/status", "Tgid:\t7\n");
    EXPECT_FALSE(process().get(made.machine, {}, {{"Handle", "9"}}).instance);
}

TEST(Process, AgreesWithThisOne) {
    const auto found = process().get(this_machine(), {}, {{"Handle", fmt::format("{}", ::getpid())}});
    ASSERT_TRUE(found.instance);
    const auto& row = *found.instance;
    EXPECT_EQ(number_of(row, "ParentProcessId"), static_cast<std::uint64_t>(::getppid()));
    EXPECT_EQ(text_of(row, "Name"), "test_cim");
    rusage used = {};
    ASSERT_EQ(::getrusage(RUSAGE_SELF, &used), 0);
    const double user =
        static_cast<double>(used.ru_utime.tv_sec) * 1e7 + static_cast<double>(used.ru_utime.tv_usec) * 10;
    // Ticks are 10 ms, and the kernel splits time of both kinds by samples.
    EXPECT_NEAR(static_cast<double>(number_of(row, "UserModeTime")), user, 1e7);
    EXPECT_EQ(number_of(row, "PeakWorkingSetSize") > 0, true);
}

}  // namespace
}  // namespace mullion::cim
