#include "service/access/logon_delays.h"

#include <gtest/gtest.h>

#include <string>

namespace mullion::service {
namespace {

using namespace std::chrono_literals;

constexpr MonotonicTime start{1h};

void fail(LogonDelays& delays, unsigned times, const std::string& who, const std::string& address,
          MonotonicTime when = start) {
    for (unsigned i = 0; i < times; ++i) delays.failed(who, address, when);
}

TEST(LogonDelays, AnAccountsAnswersAreHeldBackLongerWithEachFailure) {
    LogonDelays delays;
    fail(delays, LogonDelays::free_for_account - 1, "ann", "10.0.0.1");
    EXPECT_EQ(delays.owed("ann", start), 0ms);
    for (const auto expected : {250ms, 500ms, 1000ms, 2000ms, 4000ms, 5000ms, 5000ms}) {
        delays.failed("ann", "10.0.0.1", start);
        EXPECT_EQ(delays.owed("ann", start), expected);
    }
    EXPECT_EQ(delays.owed("bob", start), 0ms);
    fail(delays, 100'000, "ann", "10.0.0.1");
    EXPECT_EQ(delays.owed("ann", start), LogonDelays::longest);
}

TEST(LogonDelays, TheSameAccountByAnyOfItsNames) {
    LogonDelays delays;
    fail(delays, 1, "ann", "");
    fail(delays, 1, "ANN", "");
    fail(delays, 1, "CORP\\Ann", "");
    fail(delays, 1, "ann@CORP.TEST", "");
    fail(delays, 1, ".\\ann", "");
    EXPECT_EQ(delays.owed("Ann", start), 250ms);
}

TEST(LogonDelays, SuccessEndsTheAccountsButNotTheAddresss) {
    LogonDelays delays;
    fail(delays, LogonDelays::free_for_address, "ann", "10.0.0.1");
    EXPECT_GT(delays.owed("ann", start), 0ms);
    delays.succeeded("ann");
    EXPECT_EQ(delays.owed("ann", start), 0ms);
    EXPECT_EQ(delays.arrives("10.0.0.1", start), 250ms);
    EXPECT_EQ(delays.arrives("10.0.0.2", start), 0ms);
}

// However many there were, minutes after the last of them nothing is left.
TEST(LogonDelays, AMinuteForgivesOne) {
    LogonDelays delays;
    fail(delays, 1'000, "ann", "10.0.0.1");
    auto when = start;
    for (const auto expected : {5000ms, 4000ms, 2000ms, 1000ms, 500ms, 250ms, 0ms}) {
        EXPECT_EQ(delays.owed("ann", when), expected);
        EXPECT_EQ(delays.owed("ann", when + 59s), expected);
        when += 60s;
    }
    EXPECT_EQ(delays.arrives("10.0.0.1", when), 0ms);
    EXPECT_EQ(delays.owed("ann", start + 24h), 0ms);
    delays.failed("ann", "10.0.0.1", start + 24h);
    EXPECT_EQ(delays.owed("ann", start + 24h), 0ms);
}

TEST(LogonDelays, AJobWithAnOldPasswordSlowsNobodyDown) {
    LogonDelays delays;
    for (int i = 0; i < 10'000; ++i) {
        const auto when = start + i * 61s;
        delays.failed("job", "10.0.0.1", when);
        ASSERT_EQ(delays.owed("job", when), 0ms) << i;
        ASSERT_EQ(delays.arrives("10.0.0.1", when), 0ms) << i;
    }
    // Twice as often, and it does.
    for (int i = 0; i < 1'000; ++i) delays.failed("eager", "10.0.0.2", start + i * 30s);
    EXPECT_GT(delays.owed("eager", start + 1'000 * 30s), 0ms);
}

TEST(LogonDelays, AnAddressHasFewPlacesToWaitIn) {
    LogonDelays delays;
    fail(delays, 100, "", "10.0.0.1");
    for (unsigned i = 0; i < LogonDelays::most_waiting; ++i)
        EXPECT_EQ(delays.arrives("10.0.0.1", start), LogonDelays::longest);
    EXPECT_EQ(delays.arrives("10.0.0.1", start), std::nullopt);
    EXPECT_EQ(delays.arrives("10.0.0.2", start), 0ms);
    delays.waited("10.0.0.1", start);
    EXPECT_EQ(delays.arrives("10.0.0.1", start), LogonDelays::longest);
    EXPECT_EQ(delays.arrives("10.0.0.1", start), std::nullopt);
}

TEST(LogonDelays, WhoWasForgottenWhileHeWaitedCostsNothing) {
    LogonDelays delays(1);
    fail(delays, 100, "", "10.0.0.1");
    EXPECT_EQ(delays.arrives("10.0.0.1", start), LogonDelays::longest);
    fail(delays, 100, "", "10.0.0.2");
    delays.waited("10.0.0.1", start);
    delays.waited("10.0.0.2", start);
    for (unsigned i = 0; i < LogonDelays::most_waiting; ++i)
        EXPECT_EQ(delays.arrives("10.0.0.2", start), LogonDelays::longest);
    EXPECT_EQ(delays.arrives("10.0.0.2", start), std::nullopt);
}

TEST(FailureTable, ForgetsTheOneThatFailedLongestAgo) {
    FailureTable table(3, 10);
    for (const auto* const name : {"a", "b", "c", "a", "d"}) table.failed(name, start);
    EXPECT_EQ(table.size(), 3U);
    EXPECT_EQ(table.find("b", start), nullptr);
    ASSERT_NE(table.find("a", start), nullptr);
    EXPECT_EQ(table.find("a", start)->failures, 2U);
    for (int i = 0; i < 10'000; ++i) table.failed(std::to_string(i), start);
    EXPECT_EQ(table.size(), 3U);
}

TEST(CountedAddress, OfIPv6TheNetwork) {
    EXPECT_EQ(counted_address("10.0.0.1"), "10.0.0.1");
    EXPECT_EQ(counted_address("::ffff:10.0.0.1"), "10.0.0.1");
    EXPECT_EQ(counted_address("2001:db8:1:2:3::4"), "20010db800010002/64");
    EXPECT_EQ(counted_address("2001:db8:1:2:ffff::"), counted_address("2001:db8:1:2::9"));
    EXPECT_NE(counted_address("2001:db8:1:3::9"), counted_address("2001:db8:1:2::9"));
    EXPECT_EQ(counted_address("fe80::1%eth0"), counted_address("fe80::2%eth1"));
}

// Behind 127.0.0.1 may be a tunnel or a proxy, and so everybody.
TEST(CountedAddress, NotThisMachinesOwn) {
    for (const auto* const text : {"127.0.0.1", "::1", "::ffff:127.0.0.1", "", "web01", "1.2.3"})
        EXPECT_EQ(counted_address(text), "") << text;
    EXPECT_EQ(counted_address("127.0.0.5"), "127.0.0.5");
}

// NTLM looks up the name without the domain, which may be anything, also what no name may hold.
TEST(CountedAccount, IsTheSameWhateverStandsAroundIt) {
    for (const auto* const who :
         {"ann", "X\\ann", "X\\ann@1", "X\\Y2\\ANN", "X\\Y\\ann@3@4", "a:b\\ann", "a\nb\\ann", "ann@"})
        EXPECT_EQ(counted_account(who), "ann") << who;
    EXPECT_EQ(counted_account(std::string(300, 'a') + "\\ann"), "ann");
    EXPECT_EQ(counted_account("X\\ann@" + std::string(300, 'a')), "ann");
}

TEST(CountedAccount, IsNoNameThatNoAccountCanHave) {
    for (const auto* const name : {"", "a:b", "a\nb"}) EXPECT_EQ(counted_account(name), "") << name;
    EXPECT_EQ(counted_account(std::string(300, 'a')), "");
}

}  // namespace
}  // namespace mullion::service
