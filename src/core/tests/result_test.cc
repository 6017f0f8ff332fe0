#include "core/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace mullion {
namespace {

Result<int> half(int number) {
    if (number % 2 != 0) return Error(ErrorId::usage_invalid, "odd");
    return number / 2;
}

Result<std::string> quarter(int number) {
    MULLION_ASSIGN(const int once, half(number));
    MULLION_ASSIGN(const int twice, half(once));
    return std::to_string(twice);
}

Result<void> check(int number) {
    MULLION_TRY(half(number));
    return {};
}

TEST(Result, CarriesTheValue) {
    EXPECT_EQ(quarter(8).value(), "2");
}

TEST(Result, StopsAtTheFirstError) {
    const auto result = quarter(6);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().detail, "odd");
}

TEST(Result, OfNothingTellsOnlyFailure) {
    EXPECT_TRUE(check(2).ok());
    EXPECT_FALSE(check(3).ok());
}

TEST(Result, HoldsWhatCanOnlyBeMoved) {
    Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
    const std::unique_ptr<int> moved = std::move(result).value();
    EXPECT_EQ(*moved, 7);
}

}  // namespace
}  // namespace mullion
