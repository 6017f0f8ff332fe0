// Shells that end without a Delete: too old, or idle; and what their clients are told.
#include <gtest/gtest.h>

#include "rights/well_known.h"

#include "service/tests/shells_fixture.h"

namespace mullion::service::testing {
namespace {

class ShellEnds : public ShellsTest {
protected:
    void limit(std::uint32_t milliseconds) {
        change([&](state::Settings& s) { s.max_shell_run_time_ms = milliseconds; });
    }
    void pass(Duration time) {
        clock.advance(time);
        sweep();
        settle();
    }
};

TEST_F(ShellEnds, AShellIsEndedWhenItIsAsOldAsMaxShellRunTimeAllows) {
    limit(1'000);
    const std::string shell = open_shell();
    const std::string command = run(shell, "sleep");
    const auto waiting = begin(receive_body(shell, command));
    pass(Duration(999));
    EXPECT_FALSE(waiting->has_value());
    EXPECT_TRUE(script().signals.empty());
    pass(Duration(1));
    EXPECT_EQ(script().signals, (std::vector{ProcessSignal::kill})) << "the group is ended as on Delete";
    EXPECT_EQ(shells.count(), 0u);
    const auto told = fault_of(finish(waiting));
    EXPECT_EQ(told.code, code::aborted);
    EXPECT_NE(told.message.find("1000 milliseconds old, as old as MaxShellRunTime"), std::string::npos)
        << told.message;
}

TEST_F(ShellEnds, WhoeverAsksLaterIsToldWhy) {
    limit(1'000);
    const std::string shell = open_shell();
    const std::string command = run(shell, "sleep");
    pass(Duration(1'000));
    for (const auto& body :
         {receive_body(shell, command), command_body(shell, {}), send_body(shell, command, "x"),
          signal_body(shell, command, wsman::SignalCode::terminate), delete_body(shell),
          wsman::write_get_shell(request, message_id(), shell)}) {
        const auto told = fault_of(say(body));
        EXPECT_EQ(told.code, code::unexpected_selectors);  // The code that clients know a lost shell by.
        EXPECT_EQ(told.provider, "Shell provider");
        EXPECT_NE(told.message.find("MaxShellRunTime"), std::string::npos) << told.message;
    }
    const auto stranger = fault_of(say(receive_body(shell, command), "mallory"));
    EXPECT_EQ(stranger.code, code::unexpected_selectors);
    EXPECT_EQ(stranger.message.find("MaxShellRunTime"), std::string::npos) << "it was never his";
    pass(Duration(600'000));
    EXPECT_EQ(fault_of(say(delete_body(shell))).message.find("MaxShellRunTime"), std::string::npos);
}

TEST_F(ShellEnds, AnIdThatIsUsedAgainIsANewShell) {
    limit(1'000);
    wsman::CreateShell what;
    what.shell_id = guid;
    open_shell(what);
    pass(Duration(1'000));
    open_shell(what);
    EXPECT_EQ(say(delete_body(guid)).status, 200);
    EXPECT_EQ(fault_of(say(delete_body(guid))).message.find("MaxShellRunTime"), std::string::npos);
}

TEST_F(ShellEnds, AChangedMaxShellRunTimeCountsAtOnce) {
    for (const std::uint32_t none : {2'147'483'647u, 0u}) {
        limit(none);
        open_shell();
        pass(Duration(50'000));
        EXPECT_EQ(shells.count(), 1u) << none;
        limit(50'000);
        pass(Duration(0));
        EXPECT_EQ(shells.count(), 0u);
    }
}

TEST_F(ShellEnds, WhatIsEndedInTheMiddleOfAStartDoesNotStayBehind) {
    limit(1'000);
    const std::string shell = open_shell();
    backend.holds_starts = true;
    wsman::RunCommand what;
    what.command = "slow to begin";
    const auto starting = begin(command_body(shell, what));
    pass(Duration(1'000));
    backend.holds_starts = false;
    backend.starts.notify();
    const auto told = fault_of(finish(starting));
    EXPECT_EQ(told.code, code::unexpected_selectors);
    EXPECT_NE(told.message.find("MaxShellRunTime"), std::string::npos);
    EXPECT_EQ(script().signals, (std::vector{ProcessSignal::kill}));
}

TEST_F(ShellEnds, ALifetimeThatTheClientChoseIsKept) {
    wsman::CreateShell what;
    what.lifetime = Duration(2'000);
    open_shell(what);
    limit(1'000);
    const std::string shorter = open_shell(what);
    pass(Duration(1'000));
    EXPECT_NE(fault_of(say(delete_body(shorter))).message.find("MaxShellRunTime"), std::string::npos);
    limit(0);
    const std::string shell = open_shell(what);
    pass(Duration(1'999));
    EXPECT_EQ(shells.count(), 1u);
    pass(Duration(1));
    EXPECT_NE(fault_of(say(delete_body(shell))).message.find("Lifetime"), std::string::npos);
    what.lifetime = Duration(0);
    open_shell(what);
    pass(Duration(10'000));
    EXPECT_EQ(shells.count(), 1u) << "none is no limit";
}

TEST_F(ShellEnds, WhatIsRememberedOfThemIsBounded) {
    limit(1'000);
    const std::string first = open_shell();
    for (int i = 0; i < 1'024; ++i) open_shell();
    pass(Duration(1'000));
    EXPECT_EQ(shells.count(), 0u);
    unsigned told = 0;
    const std::string again = open_shell();
    pass(Duration(1'000));
    told += fault_of(say(delete_body(again))).message.find("MaxShellRunTime") != std::string::npos;
    EXPECT_EQ(told, 1u) << "the newest are remembered";
}

TEST_F(ShellEnds, OneThatWasIdleTooLongIsNoMoreThere) {
    change([](state::Settings& s) { s.idle_timeout_ms = 70'000; });
    const std::string shell = open_shell();
    const std::string command = run(shell, "sleep");
    pass(Duration(70'000));
    const auto told = fault_of(say(receive_body(shell, command)));
    EXPECT_EQ(told.code, code::unexpected_selectors);
    EXPECT_EQ(told.detail, "UnexpectedSelectors");
    EXPECT_EQ(told.provider, "Shell provider");
    EXPECT_NE(told.message.find("nobody used it for 70000 milliseconds, as long as IdleTimeout allows"),
              std::string::npos)
        << told.message;
    EXPECT_EQ(script().signals, (std::vector{ProcessSignal::kill}));
    const auto stranger = fault_of(say(receive_body(shell, command), "mallory"));
    EXPECT_EQ(stranger.message.find("IdleTimeout"), std::string::npos) << "it was never his";
}

TEST_F(ShellEnds, OneOfADeletedAccountIsEndedAndItsReaderToldWhy) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "sleep");
    const auto waiting = begin(receive_body(shell, command));
    settle();
    shells.end_of_deleted([](const rights::Sid&) { return false; });
    EXPECT_EQ(shells.count(), 1u);
    shells.end_of_deleted([](const rights::Sid& account) { return account == rights::sids::users; });
    EXPECT_EQ(shells.count(), 0u);
    EXPECT_EQ(script().signals, (std::vector{ProcessSignal::kill}));
    const auto told = fault_of(finish(waiting));
    EXPECT_EQ(told.code, code::aborted);
    EXPECT_NE(told.message.find("the account alice that opened it was deleted"), std::string::npos);
}

TEST_F(ShellEnds, AnAccountOfTheSameNameHasNothingOfTheOneBefore) {
    Visit before;
    before.user = "alice";
    before.account = rights::Sid(5, {21, 1, 2, 3, 1000});
    Visit after = before;
    after.account = rights::Sid(5, {21, 1, 2, 3, 1001});
    Shell shell;
    shell.owner = "alice";
    shell.account = before.account;
    EXPECT_TRUE(belongs_to(shell, before));
    EXPECT_FALSE(belongs_to(shell, after));
}

}  // namespace
}  // namespace mullion::service::testing
