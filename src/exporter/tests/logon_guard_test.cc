// A wrong password must not lock an account out, and one host's must not hold up the others.
#include "exporter/logon_guard.h"

#include <gtest/gtest.h>

#include <fmt/core.h>
#include <utility>

namespace mullion::exporter {
namespace {

using namespace std::chrono_literals;

LogonGuard::Target at(const std::string& name, std::uint16_t port_of_auth = 0) {
    return LogonGuard::target(parse_target_name(name).value(), port_of_auth);
}

struct Door {
    std::string account = LogonGuard::account("a", "1");
    ManualClock clock;
    LogonGuard guard{clock};
    std::map<std::string, std::string> heard;  // By host: "in", or why not.

    void ask(const std::string& target) {
        heard.erase(target);
        guard.ask(account, at(target), [this, target](Result<void> answer) {
            EXPECT_FALSE(heard.contains(target)) << "told twice";
            heard[target] =
                answer.ok() ? "in" : std::string(answer.error().info().id) + ": " + answer.error().detail;
        });
    }
    bool is_in(const std::string& target) { return heard[target] == "in"; }
    bool waits(const std::string& target) { return !heard.contains(target); }
    bool is_spared(const std::string& target) {
        return heard[target].starts_with("auth.rejected: not tried: ");
    }
    void refuse(const std::string& target) {
        ask(target);
        ASSERT_TRUE(is_in(target)) << target << ' ' << heard[target];
        guard.refused(account, at(target));
    }
    void welcome(const std::string& target) {
        ask(target);
        ASSERT_TRUE(is_in(target)) << target << ' ' << heard[target];
        guard.succeeded(account, at(target));
    }
    LogonGuard::Told told() { return guard.told().at(0); }
};

TEST(LogonGuard, AHostThatRefusedIsLeftAloneForLongerAndLonger) {
    Door door;
    door.welcome("good");
    door.refuse("bad");
    for (const auto& pause : {60min, 120min, 240min, 480min, 960min, 1440min, 1440min}) {
        door.ask("bad");
        EXPECT_TRUE(door.is_spared("bad")) << door.heard["bad"];
        door.clock.advance(pause - 1s);
        door.ask("bad");
        EXPECT_TRUE(door.is_spared("bad")) << pause.count();
        EXPECT_TRUE(door.guard.held(door.account, at("bad")));
        EXPECT_FALSE(door.guard.held(door.account, at("good")));
        door.clock.advance(1s);
        EXPECT_FALSE(door.guard.held(door.account, at("bad")));
        door.refuse("bad");
    }
    EXPECT_FALSE(door.told().held);
    EXPECT_EQ(door.told().refused, 8U);
    EXPECT_EQ(door.told().targets_held, 1U);
}

TEST(LogonGuard, ALogOnThatWentWellForgetsWhatWasBefore) {
    Door door;
    door.refuse("one");
    door.clock.advance(60min);
    door.welcome("one");
    door.refuse("one");
    door.clock.advance(60min);
    door.ask("one");
    EXPECT_TRUE(door.is_in("one")) << "an hour again, and not two";
}

TEST(LogonGuard, ThreeHostsInARowHoldTheAuth) {
    Door door;
    door.refuse("one");
    door.refuse("two");
    EXPECT_FALSE(door.told().held);
    door.refuse("three");
    EXPECT_TRUE(door.told().held);
    for (int host = 0; host < 5'000; ++host) door.ask(fmt::format("host{}", host));
    EXPECT_TRUE(door.is_spared("host0"));
    EXPECT_TRUE(door.is_spared("host4999"));
    EXPECT_EQ(door.told().refused, 3U);
    EXPECT_EQ(door.told().spared, 5'000U);
}

TEST(LogonGuard, OneThatLetsUsInBetweenCountsTheOthersAnew) {
    Door door;
    for (const auto* host : {"one", "two"}) door.refuse(host);
    door.welcome("good");
    for (const auto* host : {"three", "four"}) door.refuse(host);
    EXPECT_FALSE(door.told().held);
}

TEST(LogonGuard, NoMoreAtATimeThanMayStillBeRefused) {
    Door door;
    for (const auto* host : {"one", "two", "three", "four", "five"}) door.ask(host);
    EXPECT_TRUE(door.is_in("one") && door.is_in("two") && door.is_in("three"));
    EXPECT_TRUE(door.waits("four"));
    door.guard.refused(door.account, at("one"));
    EXPECT_TRUE(door.waits("four")) << "of three two are out, and one was refused";
    door.guard.refused(door.account, at("two"));
    EXPECT_TRUE(door.waits("four"));
    door.guard.refused(door.account, at("three"));
    EXPECT_TRUE(door.is_spared("four") && door.is_spared("five"));
    EXPECT_EQ(door.told().refused, 3U) << "never more";
}

TEST(LogonGuard, TheFirstThatGoesWellLetsAllIn) {
    Door door;
    for (int host = 0; host < 100; ++host) door.ask(fmt::format("host{}", host));
    EXPECT_TRUE(door.waits("host99"));
    door.guard.succeeded(door.account, at("host1"));
    EXPECT_TRUE(door.is_in("host99"));
    door.clock.advance(60s);
    door.guard.succeeded(door.account, at("host0"));
    for (int host = 100; host < 110; ++host) door.ask(fmt::format("host{}", host));
    EXPECT_TRUE(door.is_in("host109")) << "within ten minutes";
    door.clock.advance(600s);
    for (int host = 110; host < 120; ++host) door.ask(fmt::format("host{}", host));
    EXPECT_TRUE(door.is_in("host112"));
    EXPECT_TRUE(door.waits("host113")) << "the password may be another one by now";
}

TEST(LogonGuard, WhoHasTheMostTimeLeftGoesFirst) {
    Door door;
    for (const auto* host : {"one", "two", "three", "four", "five"}) door.ask(host);
    door.guard.ended(door.account, at("one"));
    EXPECT_TRUE(door.is_in("five"));
    EXPECT_TRUE(door.waits("four"));
}

TEST(LogonGuard, HostsThatDoNotAnswerMakeWay) {
    Door door;
    for (const auto* host : {"dead1", "dead2", "dead3", "good", "given-up"}) door.ask(host);
    door.guard.ended(door.account, at("given-up"));
    EXPECT_TRUE(door.heard["given-up"].starts_with("run.timeout"));
    EXPECT_TRUE(door.waits("good"));
    door.guard.ended(door.account, at("dead2"));
    EXPECT_TRUE(door.is_in("good"));
    door.ask("next");
    EXPECT_TRUE(door.waits("next"));
    door.clock.advance(120s);  // Nobody said what became of the others.
    door.ask("later");
    EXPECT_TRUE(door.is_in("later"));
}

TEST(LogonGuard, AfterTheHoldOneAtATimeAndHostsRefusedBeforeSayNothing) {
    Door door;
    for (const auto* host : {"bad1", "bad2", "bad3"}) door.refuse(host);
    door.clock.advance(30min);
    door.ask("new");
    door.ask("good");
    EXPECT_TRUE(door.is_in("new"));
    EXPECT_TRUE(door.waits("good"));
    door.guard.refused(door.account, at("new"));
    EXPECT_TRUE(door.is_spared("good")) << "held for half an hour more";
    door.clock.advance(30min);
    // An hour after: the first ones may go again, and being refused again they hold nobody.
    door.ask("bad1");
    door.ask("good");
    EXPECT_TRUE(door.is_in("bad1"));
    EXPECT_TRUE(door.waits("good"));
    door.guard.refused(door.account, at("bad1"));
    EXPECT_TRUE(door.is_in("good"));
    door.guard.succeeded(door.account, at("good"));
    EXPECT_FALSE(door.told().held);
    EXPECT_TRUE(door.guard.held(door.account, at("bad1")));
}

TEST(LogonGuard, OnlyWhoAskedHasLoggedOn) {
    Door door;
    for (int time = 0; time < 5; ++time) door.guard.refused(door.account, at("host"));
    door.ask("host");
    EXPECT_TRUE(door.is_in("host")) << "a refusal of ours is none of the host's";
    door.ask("host");
    EXPECT_TRUE(door.is_in("host")) << "its second connection";
    door.guard.refused(door.account, at("host"));
    door.guard.refused(door.account, at("host"));
    EXPECT_EQ(door.told().refused, 1U);
}

TEST(LogonGuard, NamesOfOneHost) {
    const auto host = [](const std::string& name, std::uint16_t port = 0) { return at(name, port).host; };
    for (const auto* name : {"web01", "web01:5985", "web01:5986", "WEB01."}) EXPECT_EQ(host(name), "web01");
    EXPECT_EQ(host("web01", 5985), "web01");
    EXPECT_EQ(host("web01", 8443), "web01:8443");
    EXPECT_EQ(host("web01:8443", 8443), "web01:8443");
    EXPECT_EQ(host("web01:5986", 8443), "web01");
    EXPECT_EQ(host("web01:8444", 8443), "web01:8444");
    EXPECT_EQ(host("[fd00::1]:5985"), host("fd00::1"));
    EXPECT_EQ(at("web01:5985").name, "web01:5985");
}

TEST(LogonGuard, WhatAHostRefusesCountsForAllOfItsNames) {
    Door door;
    door.welcome("good");
    door.refuse("web01");
    door.ask("web01:5985");
    EXPECT_TRUE(door.is_spared("web01:5985"));
    EXPECT_TRUE(door.guard.held(door.account, at("web01:5986")));
    EXPECT_FALSE(door.guard.held(door.account, at("web01:8443")));
    EXPECT_EQ(door.told().refused, 1U);
    EXPECT_EQ(door.told().targets_held, 1U);
    door.clock.advance(60min);
    door.welcome("web01:5986");
    EXPECT_FALSE(door.guard.held(door.account, at("web01")));
}

TEST(LogonGuard, SessionsOfOneHostLogOnOneAfterTheOther) {
    Door door;
    for (const auto* name : {"web01", "other", "web01:5985"}) door.ask(name);
    EXPECT_TRUE(door.is_in("web01") && door.is_in("other"));
    EXPECT_TRUE(door.waits("web01:5985"));
    // Who waits for its own host holds nobody else up,
    door.ask("third");
    EXPECT_TRUE(door.is_in("third"));
    door.ask("fourth");
    door.ask("web01:5986");
    door.guard.ended(door.account, at("other"));
    EXPECT_TRUE(door.is_in("fourth"));
    // and hears what became of the one before it.
    door.guard.refused(door.account, at("web01"));
    EXPECT_TRUE(door.is_spared("web01:5985") && door.is_spared("web01:5986"));
    EXPECT_EQ(door.told().refused, 1U);
}

TEST(LogonGuard, TheEndOfOneNameIsNotTheEndOfAnother) {
    Door door;
    for (const auto* name : {"web01", "web01:5985"}) door.ask(name);
    door.guard.ended(door.account, at("web01:5985"));
    EXPECT_TRUE(door.heard["web01:5985"].starts_with("run.timeout"));
    door.ask("web01:5986");
    EXPECT_TRUE(door.waits("web01:5986")) << "the first one is still at it";
    door.guard.refused(door.account, at("web01:5986"));
    EXPECT_EQ(door.told().refused, 0U) << "who waits was refused by nobody";
    door.guard.ended(door.account, at("web01"));
    EXPECT_TRUE(door.is_in("web01:5986"));
}

TEST(LogonGuard, ForgettingLetsAllTryAgain) {
    Door door;
    for (const auto* host : {"bad1", "bad2", "bad3"}) door.refuse(host);
    door.guard.forget_all();
    EXPECT_FALSE(door.guard.held(door.account, at("bad1")));
    EXPECT_FALSE(door.told().held);
    door.refuse("bad1");
    door.ask("two");
    door.ask("three");
    door.ask("four");
    EXPECT_TRUE(door.waits("four"));
    door.guard.forget_all();
    EXPECT_TRUE(door.is_in("four"));
}

TEST(LogonGuard, AnotherPasswordIsAnotherAccount) {
    Door door;
    for (const auto* host : {"bad1", "bad2", "bad3"}) door.refuse(host);
    EXPECT_TRUE(door.told().held);
    const auto old = std::exchange(door.account, LogonGuard::account("a", "2"));
    EXPECT_FALSE(door.guard.held(door.account, at("bad1")));
    door.clock.advance(1s);
    door.welcome("bad1");
    EXPECT_TRUE(door.guard.held(old, at("bad1"))) << "a session that has the old one";
    ASSERT_EQ(door.guard.told().size(), 1U);
    EXPECT_EQ(door.told().auth, "a");
    EXPECT_FALSE(door.told().held) << "what was asked for last";
    EXPECT_EQ(door.told().refused, 3U) << "of all editions";
}

TEST(LogonGuard, ThePasswordBeforeHasItsRefusals) {
    Door door;
    for (const auto* host : {"bad1", "bad2", "bad3"}) door.refuse(host);
    const auto old = std::exchange(door.account, LogonGuard::account("a", "2"));
    door.refuse("bad1");
    door.account = old;
    door.ask("new");
    EXPECT_TRUE(door.is_spared("new")) << "put back, and still wrong";
}

TEST(LogonGuard, AuthsAreApart) {
    Door door;
    for (const auto* host : {"bad1", "bad2", "bad3"}) door.refuse(host);
    bool in = false;
    door.guard.ask(LogonGuard::account("b", "1"), at("bad1"),
                   [&in](Result<void> answer) { in = answer.ok(); });
    EXPECT_TRUE(in);
}

TEST(LogonGuard, TheEndIsToldToAll) {
    Door door;
    for (const auto* host : {"one", "two", "three", "four"}) door.ask(host);
    door.guard.close();
    EXPECT_TRUE(door.heard["four"].starts_with("run.interrupted"));
    door.ask("five");
    EXPECT_TRUE(door.heard["five"].starts_with("run.interrupted"));
}

TEST(LogonGuard, Refusals) {
    for (const auto id : {ErrorId::auth_rejected, ErrorId::kerberos_rejected, ErrorId::credssp_error})
        EXPECT_TRUE(LogonGuard::is_refusal(Error(id, "")));
    for (const auto id : {ErrorId::auth_not_offered, ErrorId::net_refused, ErrorId::kerberos_clock,
                          ErrorId::wsman_access_denied, ErrorId::auth_protocol})
        EXPECT_FALSE(LogonGuard::is_refusal(Error(id, "")));
}

}  // namespace
}  // namespace mullion::exporter
