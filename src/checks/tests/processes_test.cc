#include <gtest/gtest.h>

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

}  // namespace
}  // namespace mullion::checks::tests
