#include "aws/retry.h"

#include <gtest/gtest.h>

#include "aws/tests/played_world.h"

namespace mullion::aws {
namespace {

Duration pause_of(const Decision& decision) {
    const auto* const again = std::get_if<Again>(&decision);
    return again != nullptr ? again->after : Duration(-1);
}

bool gives_up(const Decision& decision) {
    return std::holds_alternative<GiveUp>(decision);
}

TEST(RetryPolicy, RepeatsWhatIsTransientTwice) {
    RetryTokens tokens;
    FixedRandom random(0x80);
    RetryPolicy policy(tokens, random);
    EXPECT_EQ(pause_of(policy.after(ErrorClass::transient, std::nullopt, true)),
              Duration(25));  // Half of 50 ms.
    EXPECT_EQ(pause_of(policy.after(ErrorClass::transient, std::nullopt, true)),
              Duration(50));  // Half of 100 ms.
    EXPECT_TRUE(gives_up(policy.after(ErrorClass::transient, std::nullopt, true)));
    EXPECT_EQ(policy.attempts(), 3);
    EXPECT_EQ(tokens.left(), 500 - 2 * 14);
}

TEST(RetryPolicy, WaitsLongerWhereItIsThrottled) {
    RetryTokens tokens;
    FixedRandom random(0x80);
    RetryPolicy policy(tokens, random);
    for (const int wanted : {500, 1000, 2000, 4000})
        EXPECT_EQ(pause_of(policy.after(ErrorClass::throttle, std::nullopt, true)), Duration(wanted));
    EXPECT_TRUE(gives_up(policy.after(ErrorClass::throttle, std::nullopt, true)));
    EXPECT_EQ(tokens.left(), 500 - 4 * 5);
}

TEST(RetryPolicy, DrawsFromNothingToTheWhole) {
    for (const auto& [byte, wanted] : {std::pair(0, 0), std::pair(0xff, 999)}) {
        RetryTokens tokens;
        FixedRandom random(static_cast<std::uint8_t>(byte));
        RetryPolicy policy(tokens, random);
        EXPECT_EQ(pause_of(policy.after(ErrorClass::throttle, std::nullopt, true)), Duration(wanted));
    }
}

TEST(RetryPolicy, WaitsAsLongAsItIsToldWithinBounds) {
    RetryTokens tokens;
    FixedRandom random(0x80);
    RetryPolicy policy(tokens, random);
    EXPECT_EQ(pause_of(policy.after(ErrorClass::throttle, Duration(1500), true)), Duration(1500));
    EXPECT_EQ(pause_of(policy.after(ErrorClass::throttle, Duration(10), true)),
              Duration(1000));  // Not less than drawn.
    EXPECT_EQ(pause_of(policy.after(ErrorClass::throttle, Duration(3'600'000), true)),
              Duration(7000));  // Five seconds more.
}

TEST(RetryPolicy, RefreshesOnceAndCorrectsTheClockOnce) {
    RetryTokens tokens;
    FixedRandom random(0);
    RetryPolicy policy(tokens, random);
    EXPECT_TRUE(
        std::holds_alternative<RefreshAndAgain>(policy.after(ErrorClass::refresh, std::nullopt, true)));
    EXPECT_TRUE(std::holds_alternative<CorrectAndAgain>(policy.after(ErrorClass::clock, std::nullopt, true)));
    EXPECT_TRUE(gives_up(policy.after(ErrorClass::refresh, std::nullopt, true)));
    EXPECT_TRUE(gives_up(policy.after(ErrorClass::clock, std::nullopt, true)));
    EXPECT_EQ(tokens.left(), 500);
}

TEST(RetryPolicy, CannotCorrectTheClockWithoutADate) {
    RetryTokens tokens;
    FixedRandom random(0);
    RetryPolicy policy(tokens, random);
    EXPECT_TRUE(gives_up(policy.after(ErrorClass::clock, std::nullopt, false)));
}

TEST(RetryPolicy, NeverRepeatsWhatIsFinal) {
    RetryTokens tokens;
    FixedRandom random(0);
    RetryPolicy policy(tokens, random);
    EXPECT_TRUE(gives_up(policy.after(ErrorClass::final, Duration(1), true)));
}

TEST(RetryTokens, RunOutForAllCallsTogetherAndComeBack) {
    RetryTokens tokens(20);
    FixedRandom random(0);
    RetryPolicy first(tokens, random), second(tokens, random);
    EXPECT_FALSE(gives_up(first.after(ErrorClass::transient, std::nullopt, true)));
    EXPECT_TRUE(gives_up(second.after(ErrorClass::transient, std::nullopt, true)));
    EXPECT_FALSE(gives_up(second.after(ErrorClass::throttle, std::nullopt, true)));
    first.succeeded();
    EXPECT_EQ(tokens.left(), 20 - 5);
    RetryPolicy(tokens, random).succeeded();
    EXPECT_EQ(tokens.left(), 16);
}

TEST(RetryTokens, AreNeverMoreThanTheirCapacity) {
    RetryTokens tokens;
    tokens.give(14);
    EXPECT_EQ(tokens.left(), RetryTokens::capacity);
}

TEST(RetryAfter, IsMilliseconds) {
    EXPECT_EQ(parse_retry_after("1500"), Duration(1500));
    for (const char* wrong : {"", "-1", "1.5", "1s", "99999999999", " 1"})
        EXPECT_FALSE(parse_retry_after(wrong)) << wrong;
}

TEST(RetryAfter, EveryTruncationIsAnotherNumberOrNone) {
    EXPECT_FALSE(parse_retry_after(""));
    EXPECT_EQ(parse_retry_after("15"), Duration(15));
    EXPECT_EQ(parse_retry_after("150"), Duration(150));
}

}  // namespace
}  // namespace mullion::aws
