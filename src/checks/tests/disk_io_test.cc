// disk-io: two looks, as recorded hosts count.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "checks/modes/all.h"
#include "checks/tests/played.h"

namespace mullion::checks::tests {
namespace {

// Windows Server 2012, of txwinrm's recording: Frequency_PerfTime is 62,500,000 there, so that a second of
// PerfTime is no second of 100 ns.
constexpr std::uint64_t frequency = 62'500'000;

struct Counts {
    std::uint64_t read_bytes = 0, reads = 0, read_time = 0, write_bytes = 0, writes = 0, write_time = 0,
                  idle = 0, base = 0, perf_time = 0, queue = 0;
};

std::string disk(std::string_view name, const Counts& counts) {
    const auto one = [](std::string_view property, std::uint64_t value) {
        return fmt::format("<{0}>{1}</{0}>", property, value);
    };
    return one("CurrentDiskQueueLength", counts.queue) + one("DiskReadBytesPersec", counts.read_bytes) +
           one("DiskReadsPersec", counts.reads) + one("DiskWriteBytesPersec", counts.write_bytes) +
           one("DiskWritesPersec", counts.writes) + one("Frequency_PerfTime", frequency) + "<Name>" +
           std::string(name) + "</Name>" + one("PercentDiskReadTime", counts.read_time) +
           one("PercentDiskWriteTime", counts.write_time) + one("PercentIdleTime", counts.idle) +
           one("PercentIdleTime_Base", counts.base) + one("Timestamp_PerfTime", counts.perf_time);
}

Answer many(const std::vector<std::string>& texts) {
    return rows(std::vector<std::string_view>(texts.begin(), texts.end()));
}

Answer boot(std::string_view time = "2026-03-01T06:15:02.5Z") {
    return many({"<LastBootUpTime><cim:Datetime>" + std::string(time) +
                 "</cim:Datetime></LastBootUpTime><Version>6.2.9200</Version>"});
}

constexpr Counts first = {.read_bytes = 1'000'000'000'000,
                          .reads = 4'294'967'200,
                          .read_time = 677'134'000,
                          .write_bytes = 5000,
                          .writes = 70,
                          .write_time = 207'554'000,
                          .idle = 9'000'000'000,
                          .base = 134'176'104'000'000'000,
                          .perf_time = 100 * frequency,
                          .queue = 2};
// Ten seconds later: 200 reads of 20 MiB in 4 s, nothing written, idle for 7 s.
constexpr Counts later = {.read_bytes = 1'000'020'971'520,
                          .reads = 104,
                          .read_time = 717'134'000,
                          .write_bytes = 5000,
                          .writes = 70,
                          .write_time = 207'554'000,
                          .idle = 9'070'000'000,
                          .base = 134'176'104'100'000'000,
                          .perf_time = 110 * frequency,
                          .queue = 3};

Played looked(const std::vector<std::string>& before, const std::vector<std::string>& after, Words words = {},
              const Answer& second_boot = boot()) {
    const auto played = play(disk_io_mode(), {.words = words, .answers = {many(before), boot()}});
    Stage stage{.words = std::move(words), .answers = {many(after), second_boot}};
    stage.samples.before = played.samples.now;
    return play(disk_io_mode(), std::move(stage));
}

TEST(DiskIo, TheFirstLookHasTheQueueAlone) {
    const auto played =
        play(disk_io_mode(), {.answers = {many({disk("C:", first), disk("_Total", first)}), boot()}});
    EXPECT_EQ(
        played.wql(),
        "Select CurrentDiskQueueLength,DiskReadBytesPersec,DiskReadsPersec,DiskWriteBytesPersec,"
        "DiskWritesPersec,Frequency_PerfTime,Name,PercentDiskReadTime,PercentDiskWriteTime,PercentIdleTime,"
        "PercentIdleTime_Base,Timestamp_PerfTime from Win32_PerfRawData_PerfDisk_LogicalDisk where Name != "
        "'_Total'");
    EXPECT_EQ(played.text.substr(0, played.text.find('\n')),
              "OK: Disk 'C:' read : Buffer creation, write : Buffer creation, read-iops : Buffer creation, "
              "write-iops : Buffer creation, read-latency : Buffer creation, write-latency : Buffer "
              "creation, busy : "
              "Buffer creation, queue length: 2 | 'C:#disk.queue.length'=2;;;0;");
}

TEST(DiskIo, TellsWhatPassedAndACounterOf32BitsGoesRound) {
    const auto played = looked({disk("C:", first)}, {disk("C:", later)},
                               words_of({{"warning-instance-disk-io-read-bytespersecond", "1MB"},
                                         {"critical-instance-disk-io-read-latency-seconds", "0.01"},
                                         {"warning-instance-disk-io-time-percentage", "50"}}));
    EXPECT_EQ(played.text,
              "CRITICAL: Disk 'C:' read: 2.00 MB/s, read latency: 0.020000 s | "
              "'C:#disk.io.read.bytespersecond'=2097152.00B/s;0:1048576;;0; "
              "'C:#disk.io.write.bytespersecond'=0.00B/s;;;0; 'C:#disk.io.read.iops'=20.00iops;;;0; "
              "'C:#disk.io.write.iops'=0.00iops;;;0; 'C:#disk.io.read.latency.seconds'=0.020000s;;0:0.01;0; "
              "'C:#disk.io.write.latency.seconds'=0.000000s;;;0; "
              "'C:#disk.io.time.percentage'=30.00%;0:50;;0;100 'C:#disk.queue.length'=3;;;0;\n"
              "Disk 'C:' read: 2.00 MB/s, write: 0.00 B/s, read iops: 20.00, write iops: 0.00, read latency: "
              "0.020000 s, write latency: 0.000000 s, busy: 30.00 %, queue length: 3\n");
}

TEST(DiskIo, AStartIsAFirstLookAgain) {
    const auto played = looked({disk("C:", first)}, {disk("C:", later)}, {}, boot("2026-03-10T12:00:30Z"));
    EXPECT_EQ(played.report.metrics.size(), 1U) << played.text;
    EXPECT_EQ(played.exit_code, 0);
}

TEST(DiskIo, ANewDiskHasAFirstLookOfItsOwn) {
    const auto played = looked({disk("C:", first)}, {disk("C:", later), disk("D:", later)});
    EXPECT_EQ(played.report.metrics.size(), 9U) << played.text;
    EXPECT_EQ(played.text.substr(0, 22), "OK: All disks are ok |");
}

TEST(DiskIo, CountersThatStandStillAreNoAnswer) {
    auto same = later;
    same.perf_time = first.perf_time;
    const auto played = looked({disk("C:", first)}, {disk("C:", same)});
    EXPECT_EQ(played.exit_code, 3);
    EXPECT_NE(played.text.find("stand still"), std::string::npos) << played.text;
}

TEST(DiskIo, AClockThatWasSetIsUnknown) {
    for (const auto hours : {-1, 1}) {
        auto set = later;
        set.base += static_cast<std::uint64_t>(hours * 36'000'000'000);
        const auto played = looked({disk("C:", first)}, {disk("C:", set)});
        EXPECT_EQ(played.exit_code, 3) << played.text;
        EXPECT_NE(played.text.find("was set between the looks"), std::string::npos) << played.text;
        EXPECT_TRUE(played.report.metrics.empty()) << played.text;
    }
}

TEST(DiskIo, MoreIdleThanTimePassedIsNotBusy) {
    auto idle = later;
    idle.idle = first.idle + 100'000'100;
    const auto played = looked({disk("C:", first)}, {disk("C:", idle)});
    EXPECT_NE(played.text.find("'C:#disk.io.time.percentage'=0.00%"), std::string::npos) << played.text;
}

TEST(DiskIo, DisksAreChosenByNameAndKind) {
    const auto answer = many({disk("0 C:", first), disk("1 D:", first)});
    const auto play_with = [&](Words words) {
        return play(disk_io_mode(), {.words = std::move(words), .answers = {answer, boot()}});
    };
    const auto physical = play_with(words_of({{"disks", "physical"}, {"filter-name", "C:"}}));
    EXPECT_NE(physical.wql().find("Win32_PerfRawData_PerfDisk_PhysicalDisk"), std::string::npos);
    ASSERT_EQ(physical.report.metrics.size(), 1U);
    EXPECT_EQ(physical.report.metrics[0].instances[0], "0 C:");
    EXPECT_EQ(play_with(words_of({{"exclude-name", "^0"}})).report.metrics[0].instances[0], "1 D:");
    EXPECT_EQ(play_with(words_of({{"filter-name", "X:"}})).exit_code, 3);
    EXPECT_TRUE(play(disk_io_mode(), {.words = words_of({{"disks", "floppy"}})}).error);
}

TEST(DiskIo, WhatIsNullIsNotWell) {
    auto text = disk("C:", first);
    const auto at = text.find("<PercentDiskReadTime>");
    text.replace(at, text.find("<PercentDiskWriteTime>") - at, "<PercentDiskReadTime xsi:nil=\"true\"/>");
    const auto played = play(disk_io_mode(), {.answers = {many({text, disk("D:", first)}), boot()}});
    EXPECT_EQ(played.exit_code, 3);
    EXPECT_EQ(played.text.substr(0, played.text.find(" |")), "UNKNOWN: Disk 'C:' read-latency: null");
}

TEST(DiskIo, NothingIsNotWell) {
    EXPECT_EQ(play(disk_io_mode(), {.answers = {rows({}), boot()}}).exit_code, 3);
    const std::string bare =
        "<Name>/</Name><DiskReadsPersec xsi:nil=\"true\"/><Timestamp_PerfTime>1</Timestamp_PerfTime>"
        "<Frequency_PerfTime>1</Frequency_PerfTime>";
    const auto played = play(disk_io_mode(), {.answers = {many({bare}), boot()}});
    EXPECT_EQ(played.exit_code, 3) << played.text;
    EXPECT_NE(played.text.find("Disk '/' is not counted by the host"), std::string::npos);
}

}  // namespace
}  // namespace mullion::checks::tests
