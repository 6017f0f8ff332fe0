#include "cli/check_run.h"

#include <gtest/gtest.h>

namespace mullion::cli {
namespace {

CheckRun run_with(std::optional<Duration> timeout, std::optional<Duration> whole,
                  std::optional<Duration> interval = {}) {
    CheckRun run;
    run.timeout = timeout;
    run.whole = whole;
    run.interval = interval;
    return run;
}

constexpr Duration second{1'000};

TEST(CheckLimit, IsThereWhereNobodySaysSo) {
    EXPECT_EQ(limit_of(CheckRun{}), 45 * second);
    auto slow = CheckRun{};
    slow.target.read_timeout = 100 * second;
    EXPECT_EQ(limit_of(slow), 115 * second);
}

TEST(CheckLimit, IsWhatWasSaid) {
    EXPECT_EQ(limit_of(run_with(300 * second, {})), 300 * second);
    EXPECT_EQ(limit_of(run_with({}, 300 * second)), 300 * second);
    EXPECT_EQ(limit_of(run_with(second, {})), second);
    EXPECT_EQ(limit_of(run_with(20 * second, 10 * second)), 10 * second);
    EXPECT_EQ(limit_of(run_with(10 * second, 20 * second)), 10 * second);
}

TEST(CheckLimit, IsNoneWhereNoneWasAskedFor) {
    auto run = CheckRun{};
    run.without_end = true;
    EXPECT_EQ(limit_of(run), std::nullopt);
    run.timeout = 10 * second;
    EXPECT_EQ(limit_of(run), 10 * second);
}

TEST(CheckLimit, LeavesTheTimeBetweenTwoLooksOut) {
    EXPECT_EQ(limit_of(run_with({}, {}, 60 * second)), 105 * second);
    EXPECT_EQ(limit_of(run_with(10 * second, {}, 60 * second)), 70 * second);
    EXPECT_EQ(limit_of(run_with(10 * second, 30 * second, 60 * second)), 30 * second);
}

}  // namespace
}  // namespace mullion::cli
