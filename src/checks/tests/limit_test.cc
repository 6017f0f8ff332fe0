#include "checks/limit.h"

#include <gtest/gtest.h>

namespace mullion::checks {
namespace {

constexpr Duration scheduler{60'000}, clean_up{10'000};

TEST(DefaultLimit, LeavesTimeToCleanUpBeforeASchedulerKills) {
    EXPECT_EQ(default_limit({}), Duration(45'000));
    EXPECT_LT(default_limit({}) + clean_up, scheduler);
}

TEST(DefaultLimit, IsLongerThanOneAnswerMayBe) {
    target::Target target;
    EXPECT_GT(default_limit(target), target.read_timeout);
    target.read_timeout = Duration(120'000);
    EXPECT_EQ(default_limit(target), Duration(135'000));
}

TEST(DefaultLimit, IsNotShortWhereSingleAnswersAre) {
    target::Target target;
    target.read_timeout = Duration(2'000);
    EXPECT_EQ(default_limit(target), Duration(45'000));
}

}  // namespace
}  // namespace mullion::checks
