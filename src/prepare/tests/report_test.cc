#include "prepare/report.h"

#include <gtest/gtest.h>

namespace mullion::prepare {
namespace {

const std::string whole =
    "noise of a profile\r\n"
    "mullion-prepare\t1\thost\tApply\r\n"
    "mullion-step\tservice\tok\tautomatic, running\r\n"
    "  changed      not for programs\r\n"
    "mullion-step\tfirewall-https\tchanged\tport 5986\r\n"
    "mullion-step\tauth-basic\tfailed\tset by\tGroup Policy\r\n"
    "mullion-step\tcredssp\tskipped\tbecause of auth-basic\r\n"
    "mullion-end\t1\r\n";

Report read(std::string_view text) {
    ReportReader reader;
    (void)reader.read_piece(text);
    return reader.report();
}

TEST(ReportReader, ReadsWhatAScriptTells) {
    const auto report = read(whole);
    EXPECT_EQ(report.journal, "host");
    EXPECT_EQ(report.mode, "Apply");
    ASSERT_EQ(report.steps.size(), 4U);
    EXPECT_EQ(report.steps[0].id, "service");
    EXPECT_EQ(report.steps[0].state, StepState::ok);
    EXPECT_EQ(report.steps[1].state, StepState::changed);
    EXPECT_EQ(report.steps[2].detail, "set by\tGroup Policy");
    EXPECT_EQ(report.steps[3].state, StepState::skipped);
    EXPECT_EQ(report.code, 1U);
}

TEST(ReportReader, ReadsPiecesOfAnySize) {
    for (std::size_t size = 1; size < whole.size(); ++size) {
        ReportReader reader;
        std::size_t fresh = 0;
        for (std::size_t at = 0; at < whole.size(); at += size)
            fresh += reader.read_piece(std::string_view(whole).substr(at, size)).size();
        EXPECT_EQ(fresh, 4U) << size;
        EXPECT_EQ(reader.report().code, 1U) << size;
    }
}

TEST(ReportReader, OfEveryTruncationIsNotWhole) {
    const auto last = whole.rfind('\n');
    for (std::size_t size = 0; size <= last; ++size) EXPECT_FALSE(read(whole.substr(0, size)).code) << size;
}

TEST(ReportReader, BelievesNothingBeforeTheBeginningAndAfterTheEnd) {
    EXPECT_TRUE(read("mullion-step\tservice\tok\t\nmullion-end\t0\n").steps.empty());
    EXPECT_FALSE(read("mullion-end\t0\n").code);
    EXPECT_TRUE(read("mullion-prepare\t2\thost\tApply\n").mode.empty());
    const auto report = read(whole + "mullion-step\tmore\tok\t\nmullion-end\t0\nmullion-error\tx\n");
    EXPECT_EQ(report.steps.size(), 4U);
    EXPECT_EQ(report.code, 1U);
    EXPECT_EQ(report.error, "");
}

TEST(ReportReader, PassesOverWhatIsNoStep) {
    const std::string begin = "mullion-prepare\t1\thost\tApply\n";
    for (const char* const line :
         {"mullion-step", "mullion-step\t", "mullion-step\ta\tperhaps\tx", "mullion-step\tA\tok\tx",
          "mullion-step\t\x1b[2J\tok\tx", "mullion-end\t", "mullion-end\tx", "mullion-end\t99999999999"}) {
        const auto report = read(begin + line + "\n");
        EXPECT_TRUE(report.steps.empty()) << line;
        EXPECT_FALSE(report.code) << line;
    }
}

TEST(ReportReader, HasLimits) {
    ReportReader reader({.line = 64, .steps = 2});
    (void)reader.read_piece("mullion-prepare\t1\thost\tApply\n");
    (void)reader.read_piece("mullion-step\ta\tok\t" + std::string(100, 'x'));
    (void)reader.read_piece(std::string(1'000'000, 'x') + "\nmullion-step\tb\tok\t\n");
    for (int i = 0; i < 10; ++i) (void)reader.read_piece("mullion-step\tc\tok\t\n");
    ASSERT_EQ(reader.report().steps.size(), 2U);
    EXPECT_EQ(reader.report().steps[0].id, "b");
}

TEST(ReportReader, KeepsValidTextAlone) {
    const auto report =
        read("mullion-prepare\t1\thost\tApply\nmullion-step\ta\tfailed\t\x9b\xff\nmullion-error\t\xff\n");
    EXPECT_EQ(report.steps.at(0).detail, "\uFFFD\uFFFD");
    EXPECT_EQ(report.error, "\uFFFD");
}

}  // namespace
}  // namespace mullion::prepare
