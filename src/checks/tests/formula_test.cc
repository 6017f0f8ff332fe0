#include "checks/formula.h"

#include <gtest/gtest.h>

namespace mullion::checks {
namespace {

double of(CounterType type, const RawLook& before, const RawLook& now, const Going& going = {}) {
    const auto value = cooked(type, before, now, going);
    if (!value) ADD_FAILURE() << "nothing";
    return value.value_or(-1);
}

TEST(Formula, RatesAreOfASecond) {
    EXPECT_DOUBLE_EQ(
        of(CounterType::bulk_count, {100, 0, 5'000'000, 10'000'000}, {700, 0, 35'000'000, 10'000'000}), 200);
    EXPECT_DOUBLE_EQ(of(CounterType::counter, {0, 0, 0, 2}, {30, 0, 6, 2}), 10);
}

TEST(Formula, SharesOfTime) {
    EXPECT_DOUBLE_EQ(of(CounterType::timer_100ns, {0, 0, 0}, {250, 0, 1000}), 0.25);
    EXPECT_DOUBLE_EQ(of(CounterType::timer_100ns_inverse, {0, 0, 0}, {250, 0, 1000}), 0.75);
    EXPECT_DOUBLE_EQ(of(CounterType::timer_100ns_inverse, {0, 0, 0}, {1001, 0, 1000}), 0);
    EXPECT_DOUBLE_EQ(of(CounterType::queue_length_100ns, {0, 0, 0}, {3000, 0, 1000}), 3);
    EXPECT_DOUBLE_EQ(of(CounterType::precision_100ns_timer, {0, 100, 0}, {50, 300, 0}), 0.25);
}

// The times of a disk of Windows Server 2012 whose performance frequency is 62.5 MHz: 67.7134 s in ticks and
// in 100 ns.
TEST(Formula, AveragesAreOfWhatHappened) {
    EXPECT_DOUBLE_EQ(
        of(CounterType::average_timer, {0, 0, 0, 62'500'000}, {4'232'087'500, 10, 0, 62'500'000}), 6.77134);
    EXPECT_DOUBLE_EQ(of(CounterType::average_bulk, {1000, 1, 0}, {9000, 5, 0}), 2000);
}

TEST(Formula, SomeNeedOneLook) {
    EXPECT_DOUBLE_EQ(of(CounterType::rawcount, {}, {7}), 7);
    EXPECT_DOUBLE_EQ(of(CounterType::raw_fraction, {}, {30, 120}), 0.25);
    EXPECT_DOUBLE_EQ(of(CounterType::elapsed_time, {}, {100, 0, 350, 10}), 25);
    EXPECT_DOUBLE_EQ(of(CounterType::elapsed_time, {}, {350, 0, 100, 10}), -25);
    for (const auto type : {CounterType::rawcount, CounterType::large_rawcount, CounterType::raw_fraction,
                            CounterType::elapsed_time})
        EXPECT_FALSE(needs_two_looks(type));
    EXPECT_TRUE(needs_two_looks(CounterType::bulk_count));
}

TEST(Formula, WhereNothingPassedThereIsNoNumber) {
    EXPECT_FALSE(cooked(CounterType::bulk_count, {1, 0, 5, 10}, {2, 0, 5, 10}, {}));
    EXPECT_FALSE(cooked(CounterType::bulk_count, {1, 0, 6, 10}, {2, 0, 5, 10}, {}));
    EXPECT_FALSE(cooked(CounterType::bulk_count, {1, 0, 5, 0}, {2, 0, 6, 0}, {}));
    EXPECT_FALSE(cooked(CounterType::average_bulk, {1, 5, 0}, {2, 5, 0}, {}));
    EXPECT_FALSE(cooked(CounterType::raw_fraction, {}, {1, 0}, {}));
}

TEST(Formula, CountersGoRoundByTheirWidthAndBeginAgainAfterAStart) {
    EXPECT_EQ(advance(4'294'967'290U, 10, 32, {}), 16U);
    EXPECT_EQ(advance(UINT64_MAX - 5, 10, 64, {}), std::nullopt);
    EXPECT_EQ(advance(5'000'000'000U, 10, 32, {}), std::nullopt);  // It was never one of 32 bits.
    EXPECT_EQ(advance(10, 20, 64, {.began_again = true}), std::nullopt);
    EXPECT_EQ(advance(20, 10, 64, {.from_zero = true}), 10U);
    EXPECT_EQ(advance(10, 20, 64, {.from_zero = true}), 10U);
    const Going narrow{.bits = 32, .base_bits = 32};
    EXPECT_DOUBLE_EQ(of(CounterType::average_bulk, {4'294'967'295U, 4'294'967'295U}, {99, 9}, narrow), 10);
}

TEST(Formula, TypesHaveNamesAndNumbers) {
    EXPECT_EQ(counter_type("PERF_COUNTER_BULK_COUNT"), CounterType::bulk_count);
    EXPECT_EQ(counter_type("bulk_count"), CounterType::bulk_count);
    EXPECT_EQ(counter_type("272696576"), CounterType::bulk_count);
    EXPECT_EQ(counter_type("perf_100nsec_timer_inv"), CounterType::timer_100ns_inverse);
    EXPECT_EQ(counter_type("272696577"), std::nullopt);
    EXPECT_EQ(counter_type(""), std::nullopt);
}

}  // namespace
}  // namespace mullion::checks
