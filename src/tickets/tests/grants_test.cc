#include "tickets/grants.h"

#include <gtest/gtest.h>

#include <boost/asio/this_coro.hpp>

#include "net/tests/loop.h"

namespace mullion::tickets {
namespace {

using Got = Result<std::shared_ptr<const kerberos::TicketCache>>;

// Nobody looks into it here.
Granted some_ticket(const Clock& clock) {
    return {nullptr, clock.now() + std::chrono::hours(1)};
}

// One that makes tickets, and is told when to be done.
struct Maker {
    ManualClock clock;
    std::shared_ptr<Outcome<Result<Granted>>> outcome = std::make_shared<Outcome<Result<Granted>>>();
    int made = 0;

    net::Task<Result<Granted>> make() {
        made += 1;
        const net::Executor executor = co_await boost::asio::this_coro::executor;  // Of whoever makes it.
        const auto told = co_await Outcome<Result<Granted>>::wait(outcome, executor, net::far_off());
        co_return *told;
    }
};

class GrantsTest : public testing::Test {
protected:
    static std::shared_ptr<const Source> source(const std::string& client,
                                                const std::string& password = "x") {
        return std::make_shared<const Source>(Source{client, "", Secret(password), {}, ""});
    }
    net::Task<void> get(std::shared_ptr<const Source> from, std::vector<Got>& got,
                        MonotonicTime deadline = net::far_off()) {
        const MakeGrant make = [this] { return maker.make(); };
        const kerberos::Configuration configuration;
        got.push_back(co_await Grants::get(grants, loop.executor(), configuration, from, make, deadline));
    }
    void turn() { loop.run(net::one_turn(loop.executor())); }
    void run_until(const std::vector<Got>& got, std::size_t count) {
        while (got.size() < count) turn();
    }

    net::Loop loop;
    Maker maker;
    std::shared_ptr<Grants> grants = std::make_shared<Grants>(maker.clock);
};

TEST_F(GrantsTest, OneIsMadeForTenThousandHosts) {
    constexpr std::size_t hosts = 10'000;
    std::vector<Got> got;
    for (std::size_t i = 0; i < hosts; ++i) loop.start(get(source("alice"), got));
    turn();
    maker.outcome->tell(some_ticket(maker.clock));
    run_until(got, hosts);
    EXPECT_EQ(maker.made, 1);
    for (const auto& one : got) ASSERT_TRUE(one.ok());
    maker.clock.advance(std::chrono::hours(1));
    loop.start(get(source("alice"), got));
    run_until(got, hosts + 1);
    EXPECT_EQ(maker.made, 2);
}

TEST_F(GrantsTest, OthersHaveTheirOwn) {
    std::vector<Got> got;
    for (const auto& who :
         {source("alice"), source("bob"), source("alice", "another"), source("alice@A.TEST")})
        loop.start(get(who, got));
    turn();
    EXPECT_EQ(maker.made, 4);
    maker.outcome->tell(some_ticket(maker.clock));
    run_until(got, 4);
}

TEST_F(GrantsTest, AFailureIsToldToThoseWhoWaitAndNotKept) {
    std::vector<Got> got;
    for (int i = 0; i < 3; ++i) loop.start(get(source("alice"), got));
    turn();
    maker.outcome->tell(Error(ErrorId::kerberos_silent, "no"));
    run_until(got, 3);
    EXPECT_EQ(maker.made, 1);
    for (const auto& one : got) EXPECT_EQ(one.error().id, ErrorId::kerberos_silent);
    maker.outcome = std::make_shared<Outcome<Result<Granted>>>();
    maker.outcome->tell(some_ticket(maker.clock));
    loop.start(get(source("alice"), got));
    run_until(got, 4);
    EXPECT_TRUE(got.back().ok());
}

// A few wrong passwords lock an account, and a fleet has many hosts.
TEST_F(GrantsTest, APasswordThatWasRefusedIsNotShownAgainForAWhile) {
    std::vector<Got> got;
    maker.outcome->tell(Error(ErrorId::kerberos_rejected, "no"));
    for (std::size_t host = 1; host <= 100; ++host) {
        loop.start(get(source("alice"), got));
        run_until(got, host);
        ASSERT_FALSE(got.back().ok());
        EXPECT_EQ(got.back().error().id, ErrorId::kerberos_rejected);
    }
    EXPECT_EQ(maker.made, 1);
    EXPECT_NE(got.back().error().detail.find("not asked again"), std::string::npos);
    loop.start(get(source("alice", "another"), got));
    run_until(got, 101);
    EXPECT_EQ(maker.made, 2);
    maker.clock.advance(Grants::refused_for);
    maker.outcome = std::make_shared<Outcome<Result<Granted>>>();
    maker.outcome->tell(some_ticket(maker.clock));
    loop.start(get(source("alice"), got));
    run_until(got, 102);
    EXPECT_TRUE(got.back().ok());
}

// A credential may want a ticket for each log-on; what proves it is shown by one of them first.
TEST_F(GrantsTest, OneIsMadeForEachThatWantsItsOwn) {
    auto own = Source{"alice", "", Secret("x"), {}, std::string(no_cache)};
    const auto each = std::make_shared<const Source>(std::move(own));
    std::vector<Got> got;
    for (int i = 0; i < 5; ++i) loop.start(get(each, got));
    turn();
    EXPECT_EQ(maker.made, 1);
    maker.outcome->tell(some_ticket(maker.clock));
    run_until(got, 5);
    EXPECT_EQ(maker.made, 5);
    for (const auto& one : got) EXPECT_TRUE(one.ok());
    loop.start(get(each, got));
    run_until(got, 6);
    EXPECT_EQ(maker.made, 6);
    // Another one, which is reused, has nothing of it.
    loop.start(get(source("alice"), got));
    run_until(got, 7);
    EXPECT_EQ(maker.made, 7);
}

TEST_F(GrantsTest, OneThatWantsItsOwnDoesNotLockTheAccountEither) {
    const auto each =
        std::make_shared<const Source>(Source{"alice", "", Secret("x"), {}, std::string(no_cache)});
    std::vector<Got> got;
    maker.outcome->tell(Error(ErrorId::kerberos_rejected, "no"));
    for (int i = 0; i < 100; ++i) loop.start(get(each, got));
    run_until(got, 100);
    EXPECT_EQ(maker.made, 1);
    for (const auto& one : got) EXPECT_EQ(one.error().id, ErrorId::kerberos_rejected);
}

TEST_F(GrantsTest, OnesDeadlineIsNotTheOthers) {
    std::vector<Got> got, impatient;
    loop.start(get(source("alice"), got));
    turn();
    loop.start(get(source("alice"), impatient, net::in_ms(1)));
    loop.start(get(source("alice"), got));
    run_until(impatient, 1);
    EXPECT_EQ(impatient.front().error().id, ErrorId::kerberos_silent);
    EXPECT_TRUE(got.empty());
    maker.outcome->tell(some_ticket(maker.clock));
    run_until(got, 2);
    EXPECT_TRUE(got.front().ok() && got.back().ok());
}

TEST_F(GrantsTest, AnotherGoesOnWhenTheFirstHasGone) {
    std::vector<Got> got;
    auto gone = std::make_unique<net::Loop>();
    gone->start(get(source("alice"), got));
    gone->run(net::one_turn(gone->executor()));
    ASSERT_EQ(maker.made, 1);
    loop.start(get(source("alice"), got));
    turn();
    EXPECT_EQ(maker.made, 1);
    gone.reset();  // With the coroutine that was at it.
    while (maker.made < 2) turn();
    maker.outcome->tell(some_ticket(maker.clock));
    run_until(got, 1);
    EXPECT_TRUE(got.front().ok());
}

}  // namespace
}  // namespace mullion::tickets
