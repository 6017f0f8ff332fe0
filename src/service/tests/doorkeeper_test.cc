#include "service/access/doorkeeper.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace mullion::service {
namespace {

using namespace std::chrono_literals;

class Lines final : public Logger {
public:
    [[nodiscard]] bool enabled(LogLevel level) const override { return level >= LogLevel::info; }
    void write(LogLevel level, std::string_view line) override { all.emplace_back(level, line); }
    [[nodiscard]] std::size_t count(std::string_view part) const {
        std::size_t found = 0;
        for (const auto& [level, line] : all) found += line.find(part) == std::string::npos ? 0 : 1;
        return found;
    }
    std::vector<std::pair<LogLevel, std::string>> all;
};

class DoorkeeperTest : public ::testing::Test {
protected:
    Duration guess(const std::string& who, const std::string& address, Duration waited = 0ms) {
        return doorkeeper.ended({who, address, "Basic", ""}, &wrong, waited);
    }
    Duration success(const std::string& who, const std::string& address) {
        return doorkeeper.ended({who, address, "Basic", ""}, nullptr, 0ms);
    }
    const Error wrong{ErrorId::auth_rejected, "wrong"};
    Lines log;
    ManualClock clock;
    LogonDoorkeeper doorkeeper{log, clock};
};

TEST_F(DoorkeeperTest, ALineForEachAndItsLevel) {
    (void)success("ann", "10.0.0.1");
    (void)guess("ann", "10.0.0.1");
    ASSERT_EQ(log.all.size(), 2U);
    EXPECT_EQ(log.all[0].first, LogLevel::info);
    EXPECT_EQ(log.all[1].first, LogLevel::warning);
}

TEST_F(DoorkeeperTest, ARightGuessIsHeldBackAsLongAsAWrongOne) {
    for (unsigned i = 0; i < LogonDelays::free_for_account + 2; ++i) (void)guess("ann", "10.0.0.1");
    EXPECT_EQ(guess("ann", "10.0.0.1"), 1s);
    EXPECT_EQ(success("ann", "10.0.0.9"), 2s);
    EXPECT_EQ(success("ann", "10.0.0.9"), 0s);
    EXPECT_EQ(guess("ann", "10.0.0.1"), 0s);
}

TEST_F(DoorkeeperTest, WhatWasWaitedBeforeCounts) {
    for (unsigned i = 0; i < LogonDelays::free_for_account + 2; ++i) (void)guess("ann", "10.0.0.1");
    EXPECT_EQ(guess("ann", "10.0.0.1", 250ms), 750ms);
    EXPECT_EQ(log.count("answered after 1.00 s"), 1U);
    EXPECT_EQ(guess("ann", "10.0.0.1", 5s), 0s);
}

TEST_F(DoorkeeperTest, NobodyElseIsHeldUp) {
    for (int i = 0; i < 1'000; ++i) (void)guess("ann", "10.0.0.1");
    EXPECT_EQ(doorkeeper.arrives("10.0.0.2"), 0ms);
    EXPECT_EQ(success("bob", "10.0.0.2"), 0ms);
    EXPECT_EQ(success("bob", "10.0.0.1"), 0ms);
    EXPECT_EQ(doorkeeper.arrives("10.0.0.1"), LogonDelays::longest);
}

TEST_F(DoorkeeperTest, TheHolderWaitsOnceAndNotLong) {
    for (int i = 0; i < 1'000; ++i) (void)guess("ann", "10.0.0." + std::to_string(i % 250));
    EXPECT_EQ(success("ann", "10.9.9.9"), LogonDelays::longest);
    EXPECT_EQ(success("ann", "10.9.9.9"), 0ms);
}

TEST_F(DoorkeeperTest, WhatIsNoGuessCostsNothing) {
    const Error broken(ErrorId::auth_protocol, "not an NTLM message");
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(doorkeeper.ended({"ann", "10.0.0.1", "Negotiate", ""}, &broken, 0ms), 0ms);
    EXPECT_EQ(doorkeeper.arrives("10.0.0.1"), 0ms);
}

TEST_F(DoorkeeperTest, TellsOfThoseItDidNotWrite) {
    for (unsigned i = 0; i < RefusalLines::most_of_address + 7; ++i) (void)guess("ann", "10.0.0.1");
    EXPECT_EQ(log.count("logon refused"), RefusalLines::most_of_address);
    doorkeeper.sweep();
    EXPECT_EQ(log.count("more log-ons"), 0U);
    clock.advance(RefusalLines::span);
    doorkeeper.sweep();
    doorkeeper.sweep();
    EXPECT_EQ(log.count("and 7 more log-ons were refused"), 1U);
}

TEST_F(DoorkeeperTest, TurnsAwayWhoFindsNoPlaceToWaitIn) {
    for (int i = 0; i < 100; ++i) (void)guess("", "10.0.0.1");
    for (unsigned i = 0; i < LogonDelays::most_waiting; ++i)
        EXPECT_EQ(doorkeeper.arrives("10.0.0.1"), LogonDelays::longest);
    EXPECT_EQ(doorkeeper.arrives("10.0.0.1"), std::nullopt);
    doorkeeper.waited("10.0.0.1");
    EXPECT_EQ(doorkeeper.arrives("10.0.0.1"), LogonDelays::longest);
}

TEST(SimulatedHosts, HaveNoDelays) {
    Lines log;
    ManualClock clock;
    LogonDoorkeeper doorkeeper(log, clock, LogonDoorkeeper::Delays::none);
    const Error wrong(ErrorId::auth_rejected, "wrong");
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(doorkeeper.arrives("10.0.0.1"), 0ms);
        EXPECT_EQ(doorkeeper.ended({"ann", "10.0.0.1", "Basic", ""}, &wrong, 0ms), 0ms);
    }
    EXPECT_EQ(log.count("logon refused"), RefusalLines::most_of_address);
}

}  // namespace
}  // namespace mullion::service
