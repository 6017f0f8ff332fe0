// Every rule of repetition is a row here.
#include "client/run_policy.h"

#include <gtest/gtest.h>

#include "wsman/fault.h"

namespace mullion::client {
namespace {

using namespace std::chrono_literals;
namespace code = wsman::code;

constexpr MonotonicTime start{};
constexpr auto never_sent = false;
constexpr auto was_sent = true;

Failure failed(ErrorId id, bool sent) {
    return {Error(id, ""), sent};
}
Failure faulted(std::uint32_t code) {
    return {Error(ErrorId::wsman_fault, ""), true, false, code};
}
Failure found_closed() {
    return {Error(ErrorId::net_closed, ""), false, true};
}

// Failures that say nothing about whether it was done, and those that say it was not.
const ErrorId doubtful[] = {ErrorId::net_closed,    ErrorId::net_read_timeout, ErrorId::http_malformed,
                            ErrorId::http_status,   ErrorId::seal_broken,      ErrorId::wsman_malformed,
                            ErrorId::wsman_mismatch};
const ErrorId final_words[] = {ErrorId::net_name,       ErrorId::net_timeout,      ErrorId::net_unreachable,
                               ErrorId::tls_untrusted,  ErrorId::tls_name,         ErrorId::tls_not_tls,
                               ErrorId::http_not_found, ErrorId::http_not_winrm,   ErrorId::http_tls_port,
                               ErrorId::auth_rejected,  ErrorId::auth_not_offered, ErrorId::auth_plaintext};

TEST(RunPolicy, WaitsForRefusedConnectionsAnd503WhileItMay) {
    for (const auto id : {ErrorId::net_refused, ErrorId::http_busy}) {
        RunPolicy policy(start + 10s);
        EXPECT_EQ(policy.after_create(failed(id, never_sent), start), Next::again);
        EXPECT_EQ(policy.after_command(failed(id, never_sent), start + 9s), Next::again);
        EXPECT_EQ(policy.after_create(failed(id, never_sent), start + 10s), Next::give_up);
        EXPECT_EQ(policy.after_command(failed(id, never_sent), start + 10s), Next::give_up);
    }
}

TEST(RunPolicy, WaitsForNothingElse) {
    for (const auto id : final_words) {
        RunPolicy policy(start + 10s);
        EXPECT_EQ(policy.after_create(failed(id, never_sent), start), Next::give_up)
            << Error(id, "").info().id;
        EXPECT_EQ(policy.after_command(failed(id, never_sent), start), Next::give_up)
            << Error(id, "").info().id;
    }
}

// In doubt whether the host said it: the request may have been done.
TEST(RunPolicy, TakesNoRefusalForGrantedThatAnybodyMayHaveMadeUp) {
    for (const auto id : {ErrorId::http_busy, ErrorId::http_not_found, ErrorId::http_redirected,
                          ErrorId::http_request_too_large, ErrorId::http_tls_port}) {
        RunPolicy policy(start);
        EXPECT_EQ(policy.after_create(failed(id, was_sent), start), Next::again);
        EXPECT_EQ(policy.after_create(failed(id, was_sent), start), Next::give_up);
        EXPECT_EQ(policy.after_command(failed(id, was_sent), start), Next::ask_for_it);
        EXPECT_EQ(policy.after_command(failed(id, never_sent), start), Next::give_up);
    }
    // It was asked with a new log-on already, and each further one could lock the account.
    EXPECT_EQ(RunPolicy(start).after_create(failed(ErrorId::auth_rejected, was_sent), start), Next::give_up);
    EXPECT_EQ(RunPolicy(start).after_command(failed(ErrorId::auth_rejected, was_sent), start), Next::unknown);
    // One shell, however often it is asked for.
    RunPolicy policy(start + 10s);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(policy.after_create(failed(ErrorId::http_busy, was_sent), start), Next::again);
}

TEST(RunPolicy, RepeatsOnceWhatAClosedIdleConnectionNeverCarried) {
    RunPolicy policy(start);
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(policy.after_command(found_closed(), start), Next::again);
        (void)policy.pause();
    }
    EXPECT_EQ(policy.after_command(found_closed(), start), Next::give_up);
    EXPECT_EQ(RunPolicy(start).after_receive(found_closed(), start), NextReceive::again);
}

TEST(RunPolicy, RepeatsALostCreateOnceAndTakesTheConflictForTheShell) {
    for (const auto id : doubtful) {
        RunPolicy policy(start);
        EXPECT_EQ(policy.after_create(failed(id, was_sent), start), Next::again) << Error(id, "").info().id;
        EXPECT_EQ(policy.after_create(failed(id, was_sent), start), Next::give_up);
        EXPECT_EQ(policy.after_create(faulted(code::shell_id_conflict), start), Next::use_it);
    }
}

TEST(RunPolicy, TakesAConflictOfIdsForItsOwnShellAndCommand) {
    EXPECT_EQ(RunPolicy(start).after_create(faulted(code::shell_id_conflict), start), Next::use_it);
    EXPECT_EQ(RunPolicy(start).after_command(faulted(code::command_id_conflict), start), Next::ask_for_it);
}

TEST(RunPolicy, WhatSomethingElseAnsweredTellsNothingOfTheHost) {
    EXPECT_EQ(RunPolicy(start).after_create(failed(ErrorId::http_not_winrm, was_sent), start), Next::again);
    EXPECT_EQ(RunPolicy(start).after_command(failed(ErrorId::http_not_winrm, was_sent), start),
              Next::ask_for_it);
}

TEST(RunPolicy, NeverSendsACommandAgainThatMayHaveArrived) {
    for (const auto id : doubtful) {
        RunPolicy policy(start + 10s);
        EXPECT_EQ(policy.after_command(failed(id, was_sent), start), Next::ask_for_it)
            << Error(id, "").info().id;
    }
    EXPECT_EQ(RunPolicy(start).after_command(faulted(code::operation_timed_out), start), Next::ask_for_it);
}

TEST(RunPolicy, TakesAFaultForTheHostsWord) {
    for (const auto each : {code::access_denied, code::quota_shells, code::shells_not_allowed,
                            code::internal_error, code::command_id_not_guid, code::busy, 0U}) {
        RunPolicy policy(start + 10s);
        EXPECT_EQ(policy.after_create(faulted(each), start), Next::give_up) << each;
        EXPECT_EQ(policy.after_command(faulted(each), start), Next::give_up) << each;
    }
}

TEST(RunPolicy, RecyclesTheShellOnceAndOnlyBeforeTheCommandBegan) {
    RunPolicy policy(start);
    EXPECT_EQ(policy.after_create(faulted(code::quota_operations), start), Next::give_up);
    EXPECT_EQ(policy.after_command(faulted(code::quota_operations), start), Next::recycle_shell);
    EXPECT_EQ(policy.after_command(faulted(code::quota_operations), start), Next::give_up);
    EXPECT_EQ(policy.after_receive(faulted(code::quota_operations), start), NextReceive::unknown);
}

TEST(RunPolicy, ReceivesAgainForHalfAMinuteAndFiveTimesAtLeast) {
    for (const auto id :
         {ErrorId::net_closed, ErrorId::net_refused, ErrorId::http_busy, ErrorId::http_not_found}) {
        RunPolicy policy(start);
        for (int i = 0; i < 5; ++i) {
            EXPECT_EQ(policy.after_receive(failed(id, was_sent), start + i * 100s),
                      NextReceive::again_damaged);
            (void)policy.pause();
        }
        EXPECT_EQ(policy.after_receive(failed(id, was_sent), start + 500s), NextReceive::unknown);
    }
}

TEST(RunPolicy, CountsEachTroubleByItself) {
    RunPolicy policy(start);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(policy.after_receive(failed(ErrorId::net_closed, was_sent), start + i * 100s),
                  NextReceive::again_damaged);
        (void)policy.pause();
        policy.succeeded();
    }
}

TEST(RunPolicy, AnOperationTimeoutIsNoTrouble) {
    RunPolicy policy(start);
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(policy.after_receive(faulted(code::operation_timed_out), start + i * 20s),
                  NextReceive::again);
}

TEST(RunPolicy, DoesNotLogOnAgainAndAgain) {
    EXPECT_EQ(RunPolicy(start).after_receive(failed(ErrorId::auth_rejected, never_sent), start),
              NextReceive::unknown);
}

TEST(RunPolicy, SendsAgainOnlyWhatTheHostRefusedAsBusy) {
    RunPolicy policy(start);
    EXPECT_EQ(policy.after_send(faulted(code::busy)), NextSend::again);
    for (const auto each : {code::broken_pipe, code::unexpected_selectors, code::command_already_closed})
        EXPECT_EQ(policy.after_send(faulted(each)), NextSend::no_reader) << each;
    EXPECT_EQ(policy.after_send(faulted(code::internal_error)), NextSend::give_up);
    for (const auto id : doubtful) EXPECT_EQ(policy.after_send(failed(id, was_sent)), NextSend::give_up);
}

TEST(RunPolicy, WaitsLongerEachTimeWithinBounds) {
    RunPolicy policy(start);
    auto last = Duration(0);
    for (int i = 0; i < 50; ++i) {
        const auto pause = policy.pause();
        EXPECT_GE(pause, last);
        EXPECT_LE(pause, 2s);
        last = pause;
    }
    EXPECT_EQ(last, 2s);
    policy.succeeded();
    EXPECT_LT(policy.pause(), 1s);
}

}  // namespace
}  // namespace mullion::client
