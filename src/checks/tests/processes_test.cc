#include <fmt/format.h>
#include <gtest/gtest.h>

#include "checks/keeps.h"
#include "checks/modes/all.h"
#include "checks/tests/played.h"

namespace mullion::checks::tests {
namespace {

constexpr std::string_view asked =
    "select Name,ExecutionState,CommandLine,ExecutablePath,Handle from Win32_Process";

const std::vector<std::string_view> three = {
    R"(<CommandLine xsi:nil="true"/><ExecutionState xsi:nil="true"/><Handle>864</Handle><Name>svchost.exe</Name>)",
    R"(<ExecutionState xsi:nil="true"/><Handle>964</Handle><Name>svchost.exe</Name>)",
    R"(<Handle>5120</Handle><Name>SVCHOST.EXE</Name>)",
};

TEST(Processes, AreCountedAndListed) {
    const auto played =
        play(processes_mode(),
             {.words = words_of({{"process-name", "svchost.exe"}, {"warning", "1"}, {"critical", "0:5"}}),
              .answers = {rows(three)}});
    EXPECT_EQ(played.wql(), std::string(asked) + " where Name = \"svchost.exe\"");
    EXPECT_EQ(played.text,
              "WARNING: Number of current processes: 3 | 'processes.detected.count'=3;0:1;0:5;0;\n"
              "Process 864 [status: running] [name: svchost.exe]\n"
              "Process 964 [status: running] [name: svchost.exe]\n"
              "Process 5120 [status: running] [name: SVCHOST.EXE]\n");
    EXPECT_EQ(played.exit_code, 1);
}

TEST(Processes, NoneOfANameIsACountOfZero) {
    const auto played = play(
        processes_mode(),
        {.words = words_of({{"process-name", "nosuch.exe"}, {"critical", "1:"}}), .answers = {rows({})}});
    EXPECT_EQ(played.text,
              "CRITICAL: Number of current processes: 0 | 'processes.detected.count'=0;;1:;0;\n");
}

TEST(Processes, NoneAtAllIsAnAnswerThatSaysNothing) {
    EXPECT_EQ(play(processes_mode(), {.answers = {rows({})}}).exit_code, 3);
    EXPECT_EQ(play(processes_mode(), {.answers = {rows({})}, .compat = true}).text,
              "OK: Number of current processes: 0 | 'processes.detected.count'=0;;;0;\n");
}

TEST(Processes, APatternIsWqlsAndQuotesAreEscaped) {
    const auto played =
        play(processes_mode(),
             {.words = words_of({{"process-name", R"(s_c"%)"}, {"regexp-name", ""}}), .answers = {rows({})}});
    EXPECT_EQ(played.wql(), std::string(asked) + R"( where Name like "s_c\"%")");
}

TEST(Processes, StatusFiltersWhichCentreonForgets) {
    Stage stage{.words = words_of({{"process-status", "^blocked$"}}),
                .answers = {rows({"<ExecutionState>4</ExecutionState><Handle>1</Handle><Name>a</Name>",
                                  "<ExecutionState>3</ExecutionState><Handle>2</Handle><Name>b</Name>",
                                  "<ExecutionState>77</ExecutionState><Handle>3</Handle><Name>c</Name>"})}};
    EXPECT_EQ(play(processes_mode(), stage).text,
              "OK: Number of current processes: 1 | 'processes.detected.count'=1;;;0;\n"
              "Process 1 [status: blocked] [name: a]\n");
    stage.compat = true;
    EXPECT_EQ(play(processes_mode(), stage).report.lines.size(), 3U);
}

TEST(Processes, WrongThresholdsAreRefused) {
    const auto played = play(processes_mode(), {.words = words_of({{"warning", "a"}})});
    ASSERT_TRUE(played.error);
    EXPECT_EQ(played.error->detail, "Wrong warning threshold 'a'.");
}

TEST(ListProcesses, AreListedInTheOrderOfTheAnswer) {
    const auto played = play(list_processes_mode(), {.answers = {rows(three)}});
    EXPECT_EQ(played.wql(), asked);
    EXPECT_EQ(played.text,
              "List processes: \n"
              "[name: svchost.exe][pid: 864][status: running]\n"
              "[name: svchost.exe][pid: 964][status: running]\n"
              "[name: SVCHOST.EXE][pid: 5120][status: running]\n");
    const Discovered last = {{"name", "SVCHOST.EXE"}, {"pid", "5120"}, {"status", "running"}};
    EXPECT_EQ(played.report.found.back(), last);
    EXPECT_EQ(played.report.attributes, (std::vector<std::string>{"name", "pid", "status"}));
    EXPECT_EQ(play(list_processes_mode(), {.answers = {rows({})}}).exit_code, 3);
    EXPECT_EQ(play(list_processes_mode(), {.answers = {rows({})}, .compat = true}).text,
              "List processes: \n");
}

// ---- what they use, which Centreon does not ask ----

std::string process(std::string_view handle, std::string_view name, std::uint64_t kernel, std::uint64_t user,
                    std::string_view started = "2026-03-10T11:00:00Z") {
    return fmt::format(
        "<Handle>{}</Handle><Name>{}</Name><KernelModeTime>{}</KernelModeTime><UserModeTime>{}</UserModeTime>"
        "<CreationDate><cim:Datetime>{}</cim:Datetime></CreationDate><WorkingSetSize>1048576</WorkingSetSize>"
        "<HandleCount>10</HandleCount>",
        handle, name, kernel, user, started);
}

Answer many(const std::vector<std::string>& texts) {
    return rows(std::vector<std::string_view>(texts.begin(), texts.end()));
}

Answer clock(std::string_view time, std::string_view booted = "2026-03-01T06:15:02.5Z") {
    return many({fmt::format(
        "<LastBootUpTime><cim:Datetime>{}</cim:Datetime></LastBootUpTime><LocalDateTime><cim:Datetime>{}"
        "</cim:Datetime></LocalDateTime><Version>10.0.20348</Version>",
        booted, time)});
}

constexpr std::string_view early = "2026-03-10T12:00:00.000000Z", late = "2026-03-10T12:00:10.000000Z";

Played used(const std::vector<std::string>& before, const std::vector<std::string>& after, Words words,
            const Answer& second = clock(late)) {
    words.set("add-cpu", "1");
    const auto first = play(processes_mode(), {.words = words, .answers = {many(before), clock(early)}});
    EXPECT_NE(first.text.find("Buffer creation"), std::string::npos) << first.text;
    Stage stage{.words = words, .answers = {many(after), second}};
    stage.samples.before = first.samples.now;
    return play(processes_mode(), std::move(stage));
}

TEST(Processes, MemoryAndHandlesAreTogetherByName) {
    const auto played = play(
        processes_mode(),
        {.words = words_of({{"add-handles", ""}, {"warning-instance-process-memory-usage-bytes", "1MB"}}),
         .answers = {many({process("0", "System Idle Process", 9, 9), process("8", "a", 1, 1),
                           process("9", "a", 1, 1)})}});
    EXPECT_EQ(played.wql(),
              "select Name,ExecutionState,CommandLine,ExecutablePath,Handle,WorkingSetSize,HandleCount from "
              "Win32_Process");
    EXPECT_EQ(played.text.substr(0, played.text.find('\n')),
              "WARNING: Process 'a' [2] memory: 2.00 MB | 'processes.detected.count'=3;;;0; "
              "'a#process.memory.usage.bytes'=2097152B;0:1048576;;0; 'a#process.handles.count'=20;;;0;");
}

TEST(Processes, CpuIsWhatPassedBetweenTheLooksOfTheHost) {
    // Of 10 s: 8 has 2 s more, 9 is another process than before, 10 was started since.
    const auto played = used({process("0", "idle", 5, 5), process("8", "a", 10'000'000, 10'000'000),
                              process("9", "b", 70'000'000, 0)},
                             {process("0", "idle", 500'000'000, 5), process("8", "a", 20'000'000, 20'000'000),
                              process("9", "b", 5'000'000, 0, "2026-03-10T12:00:05Z"),
                              process("10", "b", 0, 5'000'000, "2026-03-10T12:00:08Z")},
                             words_of({{"critical-instance-process-cpu-utilization-percentage", "15"}}));
    EXPECT_EQ(played.wql(1), "Select LastBootUpTime,LocalDateTime,Version from Win32_OperatingSystem");
    EXPECT_EQ(played.text.substr(0, played.text.find('\n')),
              "CRITICAL: Process 'a' [1] cpu: 20.00 % | 'processes.detected.count'=4;;;0; "
              "'a#process.cpu.utilization.percentage'=20.00%;;0:15;0; "
              "'b#process.cpu.utilization.percentage'=10.00%;;0:15;0;");
}

TEST(Processes, AStartIsAFirstLookAgainAndAClockThatWasSetIsUnknown) {
    const auto before = process("8", "a", 10'000'000, 0), after = process("8", "a", 20'000'000, 0);
    const auto started = used({before}, {after}, {}, clock(late, "2026-03-10T12:00:05Z"));
    EXPECT_EQ(started.report.metrics.size(), 1U) << started.text;
    EXPECT_EQ(started.exit_code, 0);
    // Back, and an hour ahead of the time that passed here: 1 s of processor would be 0.03 %.
    for (const auto* time : {"2026-03-10T11:00:00Z", "2026-03-10T13:00:10Z"}) {
        const auto played = used({before}, {after}, {}, clock(time));
        EXPECT_EQ(played.exit_code, 3) << played.text;
        EXPECT_NE(played.text.find("was set between the looks"), std::string::npos) << played.text;
        EXPECT_EQ(played.report.metrics.size(), 1U) << played.text;
        EXPECT_NE(played.samples.now.find("_LocalDateTime"), nullptr);  // The next look compares with this.
    }
    EXPECT_EQ(used({before}, {after}, {}, clock(early)).error->id, ErrorId::wsman_malformed);
}

TEST(Processes, WhatTheHostDoesNotTellIsUnknown) {
    const auto played =
        play(processes_mode(),
             {.words = words_of({{"add-memory", ""}}),
              .answers = {rows({"<Handle>8</Handle><Name>a</Name><WorkingSetSize xsi:nil=\"true\"/>"})}});
    EXPECT_EQ(played.exit_code, 3) << played.text;
}

TEST(Processes, LastValuesAreKeptForCpuAlone) {
    const auto info = processes_mode();
    EXPECT_FALSE(keeps_sample(info, {}));
    EXPECT_FALSE(keeps_sample(info, words_of({{"add-memory", ""}})));
    EXPECT_TRUE(keeps_sample(info, words_of({{"add-cpu", ""}})));
    EXPECT_TRUE(keeps_sample(info, words_of({{"warning-instance-process-cpu-utilization-percentage", "1"}})));
}

}  // namespace
}  // namespace mullion::checks::tests
