// memory, pages and storages, with the answers of a Windows Server 2022. Texts are those of Centreon's
// plugin.
#include <gtest/gtest.h>

#include "checks/modes/all.h"
#include "checks/tests/played.h"

namespace mullion::checks::tests {
namespace {

const std::vector<std::string_view> host = {
    "<FreePhysicalMemory>5519780</FreePhysicalMemory><Name>Windows|C:</Name>"
    "<TotalVisibleMemorySize>8388148</TotalVisibleMemorySize>"};

TEST(Memory, IsToldInOneSentence) {
    const auto played = play(memory_mode(), {.answers = {rows(host)}});
    EXPECT_EQ(played.wql(),
              "Select Name,FreePhysicalMemory,TotalVisibleMemorySize from Win32_OperatingSystem");
    EXPECT_EQ(played.text,
              "OK: Memory usage total: 8.00 GB used: 2.74 GB (34.20%) free: 5.26 GB (65.80%) | "
              "'memory.usage.bytes'=2937208832B;;;0;8589463552 "
              "'memory.free.bytes'=5652254720B;;;0;8589463552 'memory.usage.percentage'=34.20%;;;0;100\n");
    EXPECT_EQ(played.rounds.size(), 1U);
    EXPECT_EQ(played.exit_code, 0);
}

TEST(Memory, EachThresholdThatIsReachedIsToldOfAndTheWorstCounts) {
    const auto played = play(memory_mode(), {.words = words_of({{"warning-memory-usage-percentage", "30"},
                                                                {"critical-memory-free-bytes", "1GB"}}),
                                             .answers = {rows(host)}});
    EXPECT_EQ(played.text,
              "CRITICAL: Memory usage total: 8.00 GB used: 2.74 GB (34.20%) free: 5.26 GB (65.80%), "
              "Memory usage total: 8.00 GB used: 2.74 GB (34.20%) free: 5.26 GB (65.80%) | "
              "'memory.usage.bytes'=2937208832B;;;0;8589463552 "
              "'memory.free.bytes'=5652254720B;;0:1073741824;0;8589463552 "
              "'memory.usage.percentage'=34.20%;0:30;;0;100\n");
    EXPECT_EQ(played.exit_code, 2);
}

TEST(Memory, NoAnswerIsNotWell) {
    const auto played = play(memory_mode(), {.answers = {rows({})}});
    EXPECT_EQ(played.exit_code, 3);
    EXPECT_NE(played.text.find("Win32_OperatingSystem"), std::string::npos) << played.text;
    EXPECT_EQ(play(memory_mode(), {.answers = {rows({})}, .compat = true}).text,
              "OK: usage : skipped (no value(s)), usage-free : skipped (no value(s)), "
              "usage-prct : skipped (no value(s)) \n");
}

TEST(Memory, NullAndZeroAreNoSize) {
    for (const std::string_view total :
         {"<TotalVisibleMemorySize xsi:nil=\"true\"/>", "<TotalVisibleMemorySize>0</TotalVisibleMemorySize>",
          "<TotalVisibleMemorySize>18446744073709551615</TotalVisibleMemorySize>", ""}) {
        const auto row = "<FreePhysicalMemory>1</FreePhysicalMemory>" + std::string(total);
        const auto played = play(memory_mode(), {.answers = {rows({row})}});
        ASSERT_TRUE(played.error) << total;
        EXPECT_EQ(played.error->id, ErrorId::wsman_malformed);
    }
}

const std::vector<std::string_view> files = {
    "<AllocatedBaseSize>4096</AllocatedBaseSize><CurrentUsage>3800</CurrentUsage><Name>D:\\pagefile.sys</"
    "Name>",
    "<AllocatedBaseSize>1408</AllocatedBaseSize><CurrentUsage>212</CurrentUsage><Name>C:\\pagefile.sys</"
    "Name>"};

TEST(Pages, EachFileHasALineAndAllTogetherOneSentence) {
    const auto played = play(pages_mode(), {.answers = {rows(files)}});
    EXPECT_EQ(played.wql(), "Select Name,AllocatedBaseSize,CurrentUsage,PeakUsage from Win32_PageFileUsage");
    EXPECT_EQ(
        played.text,
        "OK: All page files are ok | 'C:\\pagefile.sys#page.space.usage.bytes'=222298112B;;;0;1476395008 "
        "'C:\\pagefile.sys#page.space.free.bytes'=1254096896B;;;0;1476395008 "
        "'C:\\pagefile.sys#page.space.usage.percentage'=15.06%;;;0;100 "
        "'D:\\pagefile.sys#page.space.usage.bytes'=3984588800B;;;0;4294967296 "
        "'D:\\pagefile.sys#page.space.free.bytes'=310378496B;;;0;4294967296 "
        "'D:\\pagefile.sys#page.space.usage.percentage'=92.77%;;;0;100\n"
        "Page file 'C:\\pagefile.sys' space usage total: 1.38 GB used: 212.00 MB (15.06%) "
        "free: 1.17 GB (84.94%)\n"
        "Page file 'D:\\pagefile.sys' space usage total: 4.00 GB used: 3.71 GB (92.77%) "
        "free: 296.00 MB (7.23%)\n");
}

TEST(Pages, AHostWithoutAPageFileIsWhatTheOptionSays) {
    EXPECT_EQ(play(pages_mode(), {.answers = {rows({})}}).text, "UNKNOWN: Cannot find page files \n");
    const auto well =
        play(pages_mode(), {.words = words_of({{"no-page-file", "ok"}}), .answers = {rows({})}});
    EXPECT_EQ(well.text, "OK: There is no page file \n");
    EXPECT_EQ(play(pages_mode(), {.words = words_of({{"opt-exit", "critical"}}), .answers = {rows({})}}).text,
              "CRITICAL: Cannot find page files \n");
    EXPECT_TRUE(play(pages_mode(), {.words = words_of({{"no-page-file", "maybe"}})}).error);
}

TEST(Pages, AFileOfNoSizeIsNoDivisionByZero) {
    const auto played = play(
        pages_mode(),
        {.answers = {rows(
             {"<AllocatedBaseSize>0</AllocatedBaseSize><CurrentUsage>0</CurrentUsage><Name>C:</Name>"})}});
    EXPECT_EQ(played.text,
              "OK: Page file 'C:' space usage total: 0.00 B used: 0.00 B (0.00%) free: 0.00 B (100.00%) | "
              "'C:#page.space.usage.bytes'=0B;;;0;0 'C:#page.space.free.bytes'=0B;;;0;0 "
              "'C:#page.space.usage.percentage'=0.00%;;;0;100\n"
              "Page file 'C:' space usage total: 0.00 B used: 0.00 B (0.00%) free: 0.00 B (100.00%)\n");
}

const std::vector<std::string_view> volumes = {
    "<Capacity>32210153472</Capacity><DriveType>3</DriveType><FreeSpace>14982889472</FreeSpace><Name>C:\\</"
    "Name>",
    "<Capacity xsi:nil=\"true\"/><DriveType>5</DriveType><FreeSpace xsi:nil=\"true\"/><Name>E:\\</Name>",
    "<Capacity xsi:nil=\"true\"/><DriveType>3</DriveType><FreeSpace xsi:nil=\"true\"/><Name>Z:\\</Name>",
    "<Capacity>64157122560</Capacity><DriveType>2</DriveType><FreeSpace>64030244864</"
    "FreeSpace><Name>F:\\b\\</Name>"};

TEST(Storages, AreLocalDisksWithASize) {
    const auto played = play(storages_mode(), {.answers = {rows(volumes)}});
    EXPECT_EQ(
        played.wql(),
        "Select Capacity,DeviceID,DriveLetter,DriveType,FileSystem,FreeSpace,Label,Name from Win32_Volume");
    EXPECT_EQ(played.text,
              "OK: Storage 'C:\\' [type: localDisk] space usage total: 30.00 GB used: 16.04 GB (53.48%) "
              "free: 13.95 GB (46.52%) | 'storages.detected.count'=1;;;0; "
              "'C:\\#storage.space.usage.bytes'=17227264000B;;;0;32210153472 "
              "'C:\\#storage.space.free.bytes'=14982889472B;;;0;32210153472 "
              "'C:\\#storage.space.usage.percentage'=53.48%;;;0;100\n"
              "Storage 'C:\\' [type: localDisk] space usage total: 30.00 GB used: 16.04 GB (53.48%) "
              "free: 13.95 GB (46.52%)\n");
}

TEST(Storages, TypeAndNameAreFilteredByRegularExpressions) {
    const auto all = play(storages_mode(),
                          {.words = words_of({{"filter-type", ""},
                                              {"filter-name", "^[CF]:"},
                                              {"critical-instance-storage-space-usage-percentage", "50"},
                                              {"warning-instance-storage-space-usage-percentage", "0.1"}}),
                           .answers = {rows(volumes)}});
    EXPECT_EQ(all.report.texts.front().text,
              "Storage 'C:\\' [type: localDisk] space usage total: 30.00 GB used: 16.04 GB (53.48%) "
              "free: 13.95 GB (46.52%)");
    EXPECT_EQ(
        all.text.substr(0, all.text.find('|')),
        "CRITICAL: Storage 'C:\\' [type: localDisk] space usage total: 30.00 GB used: 16.04 GB (53.48%) "
        "free: 13.95 GB (46.52%) WARNING: Storage 'F:\\b\\' [type: removableDisk] space usage total: "
        "59.75 GB used: 121.00 MB (0.20%) free: 59.63 GB (99.80%) ");
}

TEST(Storages, OneThatDoesNotSayHowFullItIsIsNotWell) {
    const auto volume = [](std::string_view name, std::string_view free) {
        return "<Capacity>1000</Capacity><DriveType>3</DriveType>" + std::string(free) + "<Name>" +
               std::string(name) + "</Name>";
    };
    const auto null = volume("C:\\", "<FreeSpace xsi:nil=\"true\"/>"),
               known = volume("D:\\", "<FreeSpace>1</FreeSpace>");
    const auto alone = play(storages_mode(), {.answers = {rows({null})}});
    EXPECT_EQ(alone.exit_code, 3);
    EXPECT_EQ(alone.text.substr(0, alone.text.find('|')),
              "UNKNOWN: Storage 'C:\\' [type: localDisk] FreeSpace is null ");
    // The others are judged all the same.
    const auto both = play(storages_mode(),
                           {.words = words_of({{"critical-instance-storage-space-usage-percentage", "90"}}),
                            .answers = {rows({null, known})}});
    EXPECT_EQ(both.exit_code, 2);
    EXPECT_EQ(play(storages_mode(), {.answers = {rows({null})}, .compat = true}).exit_code, 0);
}

TEST(Storages, NoneOfThatNameIsNotWellButWhereTheirNumberIsAsked) {
    const auto none = words_of({{"filter-name", "^X:"}});
    EXPECT_EQ(play(storages_mode(), {.words = none, .answers = {rows(volumes)}}).exit_code, 3);
    EXPECT_EQ(play(storages_mode(), {.words = none, .answers = {rows(volumes)}, .compat = true}).text,
              "OK:  | 'storages.detected.count'=0;;;0;\n");
    auto counted = none;
    counted.set("critical-storages-detected-count", "1:");
    EXPECT_EQ(play(storages_mode(), {.words = counted, .answers = {rows(volumes)}}).text,
              "CRITICAL: Storages detected: 0 | 'storages.detected.count'=0;;1:;0;\n");
    EXPECT_EQ(play(storages_mode(), {.answers = {rows({})}}).exit_code, 3);
}

}  // namespace
}  // namespace mullion::checks::tests
