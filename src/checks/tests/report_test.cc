#include "checks/report.h"

#include <gtest/gtest.h>

#include "checks/options.h"

namespace mullion::checks {
namespace {

TEST(Report, TheWorstTextIsItsStatusAndUnknownIsWorseThanWarning) {
    Report report;
    EXPECT_EQ(report.status(), Status::ok);
    report.say(Status::unknown, "no answer");
    report.say(Status::warning, "nearly full");
    EXPECT_EQ(report.status(), Status::unknown);
    report.say(Status::critical, "full");
    report.say(Status::ok, "fine");
    EXPECT_EQ(report.status(), Status::critical);
}

TEST(Status, WordsAndExitCodesAreThoseOfMonitoringPlugins) {
    EXPECT_EQ(status_word(Status::warning), "WARNING");
    EXPECT_EQ(exit_code(Status::ok), 0);
    EXPECT_EQ(exit_code(Status::warning), 1);
    EXPECT_EQ(exit_code(Status::critical), 2);
    EXPECT_EQ(exit_code(Status::unknown), 3);
}

TEST(Words, AnEmptyValueIsToldFromNone) {
    Words words;
    words.set("filter-name", "");
    EXPECT_TRUE(words.has("filter-name"));
    EXPECT_EQ(words.get("filter-name"), "");
    EXPECT_FALSE(words.get("filter-type"));
    words.set("warning", "1");
    words.set("warning", "2");
    EXPECT_EQ(words.text("warning"), "2");
    words.add("change-exit", "a");
    words.add("change-exit", "b");
    EXPECT_EQ(words.all("change-exit").size(), 2U);
}

}  // namespace
}  // namespace mullion::checks
