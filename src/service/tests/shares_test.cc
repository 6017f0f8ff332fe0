// What one account may hold of what all share, and that others do not feel it.
#include <gtest/gtest.h>

#include "service/doors/connection_places.h"
#include "service/tests/shells_fixture.h"

namespace mullion::service::testing {
namespace {

using namespace std::chrono_literals;

class Shares : public ShellsTest {
protected:
    Shares()
        : few(io.get_executor(), backend, random, clock, null_logger(), "testhost", {4, 256 * 1024, 6}),
          dispatcher_of_few({few, settings, random, null_logger(), "testhost", {"6.1.0"}}) {}

    channel::Outgoing ask(std::string body, const std::string& user = "alice") {
        auto answer = std::make_shared<std::optional<channel::Outgoing>>();
        auto task = dispatcher_of_few.handle(incoming(std::move(body), user, true));
        boost::asio::co_spawn(io, std::move(task), [answer](std::exception_ptr, channel::Outgoing out) {
            *answer = std::move(out);
        });
        return finish(answer);
    }
    std::string shell_of(const std::string& user) {
        wsman::CreateShell create;
        create.shell_id = new_guid(random);
        EXPECT_EQ(ask(create_body(create), user).status, 200);
        return create.shell_id;
    }
    channel::Outgoing command(const std::string& shell, const std::string& user, std::string id = {}) {
        wsman::RunCommand what;
        what.command = "x";
        what.command_id = std::move(id);
        return ask(command_body(shell, what), user);
    }

    Shells few;
    Dispatcher dispatcher_of_few;
};

TEST_F(Shares, CommandsOfAllShellsOfAnAccountCount) {
    const auto one = shell_of("alice"), two = shell_of("alice"), other = shell_of("bob");
    for (const auto& shell : {one, one, two, two}) EXPECT_EQ(command(shell, "alice").status, 200);
    EXPECT_EQ(code_of(command(one, "alice")), code::quota_user);
    EXPECT_EQ(code_of(command(two, "alice")), code::quota_user);
    EXPECT_EQ(backend.scripts.size(), 4u);
    EXPECT_EQ(command(other, "bob").status, 200);
    script(0).end(0);
    script(0).changed.notify();
    settle();
    EXPECT_EQ(command(two, "alice").status, 200) << "one that ended makes room";
    EXPECT_EQ(ask(delete_body(one)).status, 200) << "giving up is never refused";
    EXPECT_EQ(command(two, "alice").status, 200);
}

// Whatever is counted is counted shell by shell: a hundred thousand of one account kept all others waiting.
TEST_F(Shares, ShellsCount) {
    std::string last;
    for (int i = 0; i < 6; ++i) last = shell_of("alice");
    const auto refused = fault_of(ask(create_body({})));
    EXPECT_EQ(refused.code, code::quota_user);
    EXPECT_NE(refused.message.find("6 shells are open"), std::string::npos);
    shell_of("bob");
    EXPECT_EQ(ask(delete_body(last)).status, 200);
    shell_of("alice");
}

TEST_F(Shares, WhatWaitsToBeAskedForCounts) {
    const auto shell = shell_of("alice"), other = shell_of("bob");
    ASSERT_EQ(command(shell, "alice", guid).status, 200);
    script(0).put(std::string(300 * 1024, 'x'));
    settle();
    EXPECT_EQ(code_of(command(shell, "alice")), code::quota_user);
    EXPECT_EQ(code_of(ask(create_body({}))), code::quota_user);
    EXPECT_EQ(code_of(ask(send_body(shell, guid, "typed"))), code::busy);
    EXPECT_EQ(command(other, "bob").status, 200);
    EXPECT_EQ(ask(receive_body(shell, guid)).status, 200);
    EXPECT_EQ(command(shell, "alice").status, 200) << "what was received is given up";
}

TEST_F(Shares, WhatCreateSaidCounts) {
    wsman::CreateShell create;
    for (int i = 0; i < 3; ++i)
        create.environment.emplace_back("V" + std::to_string(i), std::string(40'000, 'v'));
    EXPECT_EQ(ask(create_body(create)).status, 200);
    EXPECT_EQ(ask(create_body(create)).status, 200);
    EXPECT_EQ(ask(create_body(create)).status, 200);
    EXPECT_EQ(code_of(ask(create_body(create))), code::quota_user);
    EXPECT_EQ(ask(create_body(create), "bob").status, 200);
}

class Places : public ::testing::Test {
protected:
    std::optional<ConnectionPlaces::Taken> take(unsigned limit = 8) { return places.take(0, limit); }
    void pass(Duration time) { clock.advance(time); }

    ManualClock clock;
    ConnectionPlaces places{clock};
};

TEST_F(Places, AStrangerWhoSaysNothingGivesWayWhenAllAreTaken) {
    const auto first = take();
    for (int i = 1; i < 8; ++i) ASSERT_TRUE(take().has_value());
    EXPECT_FALSE(take().has_value()) << "who has just come may be about to say who he is";
    pass(ConnectionPlaces::patience);
    const auto late = take();
    ASSERT_TRUE(late.has_value());
    ASSERT_TRUE(late->instead_of.has_value());
    EXPECT_EQ(late->instead_of->id, first->id);
    EXPECT_EQ(places.count(), 9u) << "until the one that gives way is gone";
    places.leave(first->id);
    EXPECT_EQ(places.count(), 8u);
}

TEST_F(Places, WhoProvedHimselfKeepsHisPlace) {
    for (int i = 0; i < 8; ++i) EXPECT_TRUE(places.claim(take()->id, "user" + std::to_string(i), 8));
    pass(ConnectionPlaces::patience * 10);
    EXPECT_FALSE(take().has_value());
}

TEST_F(Places, OneAccountCannotHaveThemAll) {
    std::vector<std::uint64_t> mine;
    for (int i = 0; i < 7; ++i) {
        mine.push_back(take()->id);
        EXPECT_TRUE(places.claim(mine.back(), "hog", 8));
    }
    const auto one_more = take();
    EXPECT_FALSE(places.claim(one_more->id, "hog", 8));
    EXPECT_TRUE(places.claim(mine.front(), "hog", 8)) << "a place that is his is his";
    EXPECT_TRUE(places.claim(one_more->id, "other", 8));
    places.leave(mine.front());
    EXPECT_TRUE(places.claim(take()->id, "hog", 8));
}

TEST_F(Places, TheOnlyPlaceIsForAnybody) {
    EXPECT_TRUE(places.claim(take(1)->id, "someone", 1));
    EXPECT_FALSE(take(1).has_value());
}

TEST_F(Places, TheOperatorHasPlacesBesideThose) {
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(places.claim(take(4)->id, "user" + std::to_string(i), 4));
    const auto own = places.take_beside(0, 2);
    ASSERT_TRUE(own.has_value());
    EXPECT_TRUE(places.take_beside(0, 2).has_value());
    EXPECT_FALSE(places.take_beside(0, 2).has_value());
    EXPECT_EQ(places.count(), 6u);
    places.leave(own->id);
    EXPECT_TRUE(places.take_beside(0, 2).has_value());
    EXPECT_FALSE(take(4).has_value());
}

TEST_F(Places, WhatIsBesideTakesNobodysPlaceAndGivesNoneUp) {
    const auto own = places.take_beside(0, 2);
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(take(4).has_value());
    pass(ConnectionPlaces::patience);
    const auto late = take(4);
    ASSERT_TRUE(late.has_value());
    EXPECT_NE(late->instead_of->id, own->id);
}

TEST_F(Places, WhoGivesWayCannotBeCountedWithoutEnd) {
    for (int i = 0; i < 4; ++i) (void)take(4);
    pass(ConnectionPlaces::patience);
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(take(4).has_value());
    pass(ConnectionPlaces::patience);
    EXPECT_FALSE(take(4).has_value()) << "four are still on their way out";
}

}  // namespace
}  // namespace mullion::service::testing
