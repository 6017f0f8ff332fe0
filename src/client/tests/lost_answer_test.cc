// Every way to lose an answer: what is repeated, what never is, and what the operator is told.
#include <cctype>

#include "client/tests/run_fixture.h"

namespace mullion::client {
namespace {

using testing::Trouble;
using LostAnswerTest = testing::RunFixture;
using Strings = std::vector<std::string>;

TEST_F(LostAnswerTest, OfCreateIsAskedForAgain) {
    host.troubles["Create"] = {{Trouble::lost_before}};
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.count("Create"), 2);
    EXPECT_TRUE(host.shells.empty());
    expect_one_execution();
}

TEST_F(LostAnswerTest, OfCreateThatWasDoneLeadsToThatShell) {
    host.troubles["Create"] = {{Trouble::lost_after}};
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.count("Create"), 2);
    EXPECT_TRUE(host.shells.empty());
    expect_one_execution();
}

TEST_F(LostAnswerTest, OfCreateTwiceIsTheEndAndTheShellIsDeleted) {
    host.troubles["Create"] = {{Trouble::lost_before}, {Trouble::lost_after}};
    const auto outcome = run();
    EXPECT_EQ(error_id(), "net.closed");
    EXPECT_EQ(outcome.status, Status::unreachable);
    EXPECT_EQ(outcome.error->step, "create shell");
    EXPECT_EQ(outcome.error->host, "fake");
    EXPECT_TRUE(host.shells.empty());
    EXPECT_EQ(host.count("Command"), 0);
}

TEST_F(LostAnswerTest, OfCommandIsAskedForByReceiveAndNeverSentAgain) {
    host.troubles["Command"] = {{Trouble::lost_after}};
    host.script.output = {{"stdout", "out"}};
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::ok);
    EXPECT_TRUE(outcome.output_complete);
    EXPECT_EQ(sink.output, "out");
    EXPECT_EQ(host.count("Command"), 1);
    expect_one_execution();
}

TEST_F(LostAnswerTest, OfCommandThatNeverArrivedIsUnknown) {
    host.troubles["Command"] = {{Trouble::lost_before}};
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::unknown);
    EXPECT_EQ(error_id(), "run.unknown");
    EXPECT_FALSE(outcome.output_complete);
    EXPECT_EQ(host.count("Command"), 1);
    EXPECT_TRUE(host.shells.empty());
}

TEST_F(LostAnswerTest, OfCommandTellsWhatBecameOfItsStartAndWhatTheHostSays) {
    host.troubles["Command"] = {{Trouble::lost_before}};
    (void)run();
    EXPECT_TRUE(outcome_detail().starts_with(
        "its start was not answered (the connection was closed before an answer came), and asked for its "
        "output: the shell no longer exists on the host"))
        << outcome_detail();
    host.always["Command"] = host.always["Receive"] = {Trouble::lost_before};
    options.timeout = Duration(8'000);
    (void)run();
    EXPECT_TRUE(outcome_detail().starts_with("the host did not say within 8 s; its start was not answered ("))
        << outcome_detail();
}

TEST_F(LostAnswerTest, TheTimeoutTellsWhatCreateCameToLast) {
    host.troubles["Create"] = {{Trouble::lost_before}};
    host.always["Create"] = {Trouble::silent};
    options.timeout = Duration(8'000);
    EXPECT_EQ(run().status, Status::timed_out);
    EXPECT_TRUE(outcome_detail().ends_with("last of all: the connection was closed before an answer came"))
        << outcome_detail();
}

TEST_F(LostAnswerTest, OfCommandOnAHostWithIdsOfItsOwnIsUnknown) {
    host.ignores_our_ids = true;
    host.troubles["Command"] = {{Trouble::lost_after}};
    EXPECT_EQ(run().status, Status::unknown);
    EXPECT_EQ(host.count("Command"), 1);
    expect_one_execution();
}

TEST_F(LostAnswerTest, OfCommandAndNothingUntilTheDeadlineIsUnknown) {
    host.troubles["Command"] = {{Trouble::lost_after}};
    host.script.runs_for_ever = true;
    options.timeout = Duration(50'000);
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::unknown);
    EXPECT_EQ(error_id(), "run.unknown");
    EXPECT_EQ(host.count("Command"), 1);
}

TEST_F(LostAnswerTest, GarbageForCommandCountsAsLost) {
    host.troubles["Command"] = {{Trouble::garbage}};
    EXPECT_EQ(run().status, Status::ok);
    expect_one_execution();
}

// What was not sealed anybody may have said: neither "503" nor "401" is a refusal once the request is out.
TEST_F(LostAnswerTest, ABusyHostThatAnybodyMayHaveMadeUpCountsAsLost) {
    for (const auto* const step : {"Create", "Command", "Receive"}) {
        host.troubles[step] = {{Trouble::forged_busy}};
        EXPECT_EQ(run().status, Status::ok) << step;
        EXPECT_TRUE(host.shells.empty()) << step;
        for (const auto& [id, count] : host.executions) EXPECT_EQ(count, 1) << step;
    }
}

TEST_F(LostAnswerTest, ARejectionThatAnybodyMayHaveMadeUpLeavesTheCommandUnknown) {
    host.troubles["Command"] = {{Trouble::forged_away}};
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::unknown);
    EXPECT_EQ(error_id(), "run.unknown");
    EXPECT_FALSE(outcome.output_complete);
    EXPECT_TRUE(outcome_detail().starts_with("the host rejected the credentials")) << outcome_detail();
    EXPECT_EQ(host.count("Command"), 1);
    EXPECT_TRUE(host.shells.empty());
}

TEST_F(LostAnswerTest, ARejectionThatAnybodyMayHaveMadeUpLeavesNoShellUntold) {
    host.always["Create"] = {Trouble::forged_away};
    EXPECT_EQ(run().status, Status::refused);
    EXPECT_EQ(error_id(), "auth.rejected");
    EXPECT_EQ(host.count("Create"), 1);
    EXPECT_TRUE(host.shells.empty());  // It is deleted, since the id was ours.
}

TEST_F(LostAnswerTest, AWebPageForCommandCountsAsLost) {
    host.troubles["Command"] = {{Trouble::web_page}};
    EXPECT_EQ(run().status, Status::ok);
    expect_one_execution();
}

TEST_F(LostAnswerTest, AWebPageForCreateLeavesNoShellUntold) {
    host.troubles["Create"] = {{Trouble::web_page}};
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_TRUE(host.shells.empty());
    host.always["Create"] = host.always["Delete"] = {Trouble::web_page};
    EXPECT_EQ(run().status, Status::unreachable);
    EXPECT_EQ(error_id(), "http.not_winrm");
}

// `unknown` would say that the command may have run.
TEST_F(LostAnswerTest, OfCreateThatNobodyCanReadLeavesNoCommandInDoubt) {
    host.always["Create"] = {Trouble::garbage};
    const auto outcome = run();
    EXPECT_EQ(error_id(), "wsman.malformed");
    EXPECT_EQ(outcome.status, Status::unreachable);
    EXPECT_TRUE(outcome.output_complete);
    EXPECT_TRUE(host.shells.empty());
}

TEST_F(LostAnswerTest, ADeleteThatWasRefusedIsTriedOnceMore) {
    host.troubles["Delete"] = {{Trouble::fault, wsman::code::internal_error}};
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.count("Delete"), 2);
    EXPECT_TRUE(host.shells.empty());
    host.always["Delete"] = {Trouble::fault, wsman::code::internal_error};
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.count("Delete"), 4);
}

TEST_F(LostAnswerTest, AnAnswerToSomethingElseForCommandCountsAsLost) {
    host.troubles["Command"] = {{Trouble::other_answer}};
    EXPECT_EQ(run().status, Status::ok);
    expect_one_execution();
}

TEST_F(LostAnswerTest, ATimedOutCommandMayHaveBegun) {
    host.troubles["Command"] = {{Trouble::fault, wsman::code::operation_timed_out}};
    EXPECT_EQ(run().status, Status::unknown);
    EXPECT_EQ(host.count("Command"), 1);
}

TEST_F(LostAnswerTest, OfReceiveIsAskedForAgainAndOutputMayBeMissing) {
    host.script.output = {{"stdout", "one"}, {"stdout", "two"}};
    host.script.exit_code = 7;
    host.troubles["Receive"] = {{Trouble::lost_after}};
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::failed);
    EXPECT_EQ(outcome.exit_code, 7U);
    EXPECT_FALSE(outcome.output_complete);
    EXPECT_EQ(sink.output, "two");
    EXPECT_EQ(warnings(), Strings{"run.output_incomplete"});
    expect_one_execution();
}

TEST_F(LostAnswerTest, OfReceiveBehindA401OfNobodyKnowsWhomIsToldOf) {
    host.script.output = {{"stdout", "one"}, {"stdout", "two"}};
    host.troubles["Receive"] = {{Trouble::forged}};
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::ok);
    EXPECT_FALSE(outcome.output_complete);
    EXPECT_EQ(sink.output, "two");
}

TEST_F(LostAnswerTest, ReceiveRefusedWhileTheHostRestartsIsAskedForAgain) {
    host.script.output = {{"stdout", "one"}};
    host.troubles["Receive"] = {{}, {Trouble::refused}, {Trouble::busy}, {Trouble::refused}};
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::ok);
    EXPECT_FALSE(outcome.output_complete);
    EXPECT_EQ(warnings(), Strings{"run.output_incomplete"});
}

TEST_F(LostAnswerTest, ReceiveThatStaysRefusedEndsAsUnknown) {
    host.always["Receive"] = {Trouble::refused};
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::unknown);
    EXPECT_EQ(error_id(), "run.unknown");
    EXPECT_GT(took_until_outcome, Duration(29'000));
    EXPECT_LT(took_until_outcome, Duration(35'000));
}

TEST_F(LostAnswerTest, ReceiveThatIsRejectedIsNotRepeated) {
    host.always["Receive"] = {Trouble::rejected};
    EXPECT_EQ(run().status, Status::unknown);
}

TEST_F(LostAnswerTest, AShellThatIsGoneInMidRunIsUnknown) {
    host.troubles["Receive"] = {{Trouble::fault, wsman::code::unexpected_selectors}};
    EXPECT_EQ(run().status, Status::unknown);
    EXPECT_EQ(error_id(), "wsman.shell_gone");
}

TEST_F(LostAnswerTest, AnAnswerToSomethingElseIsNoOutput) {
    host.script.output = {{"stdout", "one"}};
    host.troubles["Receive"] = {{Trouble::other_answer}};
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::ok);
    EXPECT_FALSE(outcome.output_complete);
}

TEST_F(LostAnswerTest, NonsenseThatDoesNotEndIsUnknownAndSaysWhatCame) {
    host.always["Receive"] = {Trouble::garbage};
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::unknown);
    EXPECT_EQ(error_id(), "wsman.malformed");
    EXPECT_LT(took_until_outcome, Duration(5'000));
    expect_one_execution();
}

TEST_F(LostAnswerTest, TheTimeoutTellsWhatTheHostSaidLast) {
    host.always["Receive"] = {Trouble::lost_before};
    options.timeout = Duration(8'000);
    EXPECT_EQ(run().status, Status::timed_out);
    EXPECT_NE(outcome_detail().find("last of all: the connection was closed"), std::string::npos)
        << outcome_detail();
}

TEST_F(LostAnswerTest, OutputOfAnotherCommandIsNotTaken) {
    host.script.output = {{"stdout", "theirs"}};
    host.script.spoil = [](wsman::ReceivedOutput& output) {
        for (auto& chunk : output.chunks) chunk.command_id = "ANOTHER";
    };
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::ok);
    EXPECT_FALSE(outcome.output_complete);
    EXPECT_EQ(sink.output, "");
}

TEST_F(LostAnswerTest, TheEndOfAnotherCommandIsNotOurs) {
    host.script.spoil = [](wsman::ReceivedOutput& output) { output.command_id = "ANOTHER"; };
    EXPECT_EQ(run().status, Status::unknown);
    EXPECT_EQ(error_id(), "wsman.mismatch");
    expect_one_execution();
}

TEST_F(LostAnswerTest, IdsAreTheSameInEitherCase) {
    host.script.output = {{"stdout", "ours"}};
    host.script.spoil = [](wsman::ReceivedOutput& output) {
        for (auto& chunk : output.chunks)
            for (auto& c : chunk.command_id)
                c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    };
    EXPECT_TRUE(run().output_complete);
    EXPECT_EQ(sink.output, "ours");
}

TEST_F(LostAnswerTest, AStreamThatWasNotAskedForIsNoOutput) {
    host.script.output = {{"debug", "x"}};
    EXPECT_FALSE(run().output_complete);
    EXPECT_EQ(sink.output, "");
}

TEST_F(LostAnswerTest, AHostThatAlwaysSaysNotYetIsNotAskedWithoutPause) {
    host.script.hurries = host.script.runs_for_ever = true;
    options.timeout = Duration(60'000);
    EXPECT_EQ(run().status, Status::timed_out);
    EXPECT_LT(host.count("Receive"), 150);  // One a second, and some at the ends.
    EXPECT_GT(host.count("Receive"), 50);
}

TEST_F(LostAnswerTest, AHostsWordsAreCutWhereNobodyReadsThemAnyMore) {
    host.script.spoil = [](wsman::ReceivedOutput& output) {
        output.command_id = std::string(1'000'000, 'A');
    };
    EXPECT_EQ(run().status, Status::unknown);
    EXPECT_LT(outcome_detail().size(), 5'000U);
    EXPECT_TRUE(outcome_detail().ends_with("bytes)")) << outcome_detail();
}

TEST_F(LostAnswerTest, UsedUpOperationsRecycleTheShellOnce) {
    host.troubles["Command"] = {{Trouble::fault, wsman::code::quota_operations}};
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.count("Create"), 2);
    EXPECT_TRUE(host.shells.empty());
    expect_one_execution();
}

TEST_F(LostAnswerTest, UsedUpOperationsTwiceAreTold) {
    host.always["Command"] = {Trouble::fault, wsman::code::quota_operations};
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::refused);
    EXPECT_EQ(error_id(), "wsman.quota");
    EXPECT_EQ(outcome.error->wsman_code, wsman::code::quota_operations);
    EXPECT_EQ(host.count("Create"), 2);
    EXPECT_TRUE(host.shells.empty());
}

TEST_F(LostAnswerTest, ARefusalIsTheHostsLastWord) {
    host.troubles["Create"] = {{Trouble::fault, wsman::code::access_denied}};
    EXPECT_EQ(run().status, Status::refused);
    EXPECT_EQ(error_id(), "wsman.access_denied");
    EXPECT_EQ(host.seen, Strings{"1 Create"});
}

TEST_F(LostAnswerTest, RefusedConnectionsAreTriedAgainOnlyWithWaitFor) {
    host.troubles["Create"] = {{Trouble::refused}, {Trouble::busy}};
    EXPECT_EQ(run().status, Status::unreachable);
    EXPECT_EQ(host.count("Create"), 1);
}

TEST_F(LostAnswerTest, WaitForBridgesABoot) {
    host.troubles["Create"] = {{Trouble::refused}, {Trouble::busy}, {Trouble::refused}};
    options.wait_for = Duration(30'000);
    EXPECT_EQ(run().status, Status::ok);
    expect_one_execution();
}

TEST_F(LostAnswerTest, WaitForEnds) {
    host.always["Create"] = {Trouble::refused};
    options.wait_for = Duration(30'000);
    EXPECT_EQ(run().status, Status::unreachable);
    EXPECT_GE(elapsed(), Duration(30'000));
    EXPECT_LT(elapsed(), Duration(34'000));
}

TEST_F(LostAnswerTest, WaitForDoesNotTryRejectedCredentialsAgain) {
    host.always["Create"] = {Trouble::rejected};
    options.wait_for = Duration(30'000);
    EXPECT_EQ(run().status, Status::refused);
    EXPECT_EQ(host.count("Create"), 1);
}

// An exception on the I/O thread would be lost, and with it the result that somebody waits for.
TEST_F(LostAnswerTest, ABugAtAnyStepStillEndsTheRun) {
    for (const auto* action : {"Create", "Command", "Receive", "Send", "Signal", "Delete"}) {
        host.always = {{action, {Trouble::throws}}};
        host.script.reads_input = true;
        options.timeout = Duration(5'000);
        feed({"line"});
        const auto outcome = run();
        const bool before_the_end =
            std::string_view(action) != "Signal" && std::string_view(action) != "Delete";
        EXPECT_EQ(outcome.error.has_value(), before_the_end) << action;
        host.always.clear();
        host.input_ended = false;
    }
}

}  // namespace
}  // namespace mullion::client
