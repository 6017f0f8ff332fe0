// Deadlines and interruption at every step; and that nothing is left behind, or that it is said.
#include "client/ping.h"
#include "client/tests/run_fixture.h"

namespace mullion::client {
namespace {

using testing::Trouble;
using DeadlineTest = testing::RunFixture;
using Strings = std::vector<std::string>;

TEST_F(DeadlineTest, OfARunningCommandStopsIt) {
    host.script.runs_for_ever = true;
    options.timeout = Duration(5'000);
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::timed_out);
    EXPECT_EQ(error_id(), "run.timeout");
    EXPECT_EQ(outcome.error->step, "read output");
    EXPECT_FALSE(outcome.output_complete);
    EXPECT_LT(took_until_outcome, Duration(5'100));
    EXPECT_EQ(host.count("Signal"), 1);  // ctrl_c was enough.
    EXPECT_TRUE(host.shells.empty());
    EXPECT_EQ(warnings(), Strings{});
}

TEST_F(DeadlineTest, TerminatesWhatIgnoresCtrlC) {
    host.script.runs_for_ever = host.script.ignores_ctrl_c = true;
    options.timeout = Duration(5'000);
    EXPECT_EQ(run().status, Status::timed_out);
    EXPECT_EQ(host.count("Signal"), 2);
    EXPECT_GE(elapsed(), Duration(7'000));
    EXPECT_LT(elapsed(), Duration(8'000));
    EXPECT_TRUE(host.shells.empty());
}

TEST_F(DeadlineTest, DeletesTheShellOfWhatIgnoresEverything) {
    host.script.runs_for_ever = host.script.ignores_ctrl_c = host.script.ignores_terminate = true;
    options.timeout = Duration(5'000);
    EXPECT_EQ(run().status, Status::timed_out);
    EXPECT_LT(elapsed(), Duration(10'000));
    EXPECT_TRUE(host.shells.empty());
    EXPECT_EQ(warnings(), Strings{});
}

TEST_F(DeadlineTest, ASilentHostCostsTenSecondsMoreAndAWarning) {
    host.script.runs_for_ever = true;
    options.timeout = Duration(5'000);
    for (const auto* action : {"Receive", "Signal", "Delete"}) host.always[action] = {Trouble::lost_before};
    EXPECT_EQ(run().status, Status::timed_out);
    EXPECT_LE(elapsed(), Duration(15'500));
    EXPECT_EQ(warnings(), Strings{"run.shell_left_open"});
}

TEST_F(DeadlineTest, HoldsAtEveryStep) {
    options.timeout = Duration(5'000);
    host.always["Create"] = {Trouble::silent};
    auto outcome = run();
    EXPECT_EQ(outcome.status, Status::timed_out);
    EXPECT_EQ(outcome.error->step, "create shell");
    EXPECT_LT(took_until_outcome, Duration(5'100));
    EXPECT_TRUE(host.shells.empty());  // The host did it, and the answer was late.
}

TEST_F(DeadlineTest, OfASilentCommandIsUnknown) {
    options.timeout = Duration(5'000);
    host.always["Command"] = {Trouble::silent};
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::unknown);
    EXPECT_EQ(error_id(), "run.unknown");
    EXPECT_LT(took_until_outcome, Duration(5'100));
    expect_one_execution();
    EXPECT_TRUE(host.shells.empty());
}

TEST_F(DeadlineTest, OfASilentReceiveIsTimedOut) {
    options.timeout = Duration(5'000);
    host.always["Receive"] = {Trouble::silent};
    EXPECT_EQ(run().status, Status::timed_out);
    EXPECT_LT(took_until_outcome, Duration(5'100));
    EXPECT_TRUE(host.shells.empty());
}

TEST_F(DeadlineTest, EndsABusyInput) {
    options.timeout = Duration(5'000);
    host.script.reads_input = true;
    host.always["Send"] = {Trouble::fault, wsman::code::busy};
    feed({"one"});
    EXPECT_EQ(run().status, Status::timed_out);
    EXPECT_LT(took_until_outcome, Duration(5'100));
}

TEST_F(DeadlineTest, EndsWaitingForABoot) {
    options.timeout = Duration(5'000);
    options.wait_for = Duration(60'000);
    host.always["Create"] = {Trouble::refused};
    EXPECT_EQ(run().status, Status::timed_out);
    EXPECT_LT(elapsed(), Duration(5'100));
    EXPECT_EQ(warnings(), Strings{});
}

TEST_F(DeadlineTest, AResultThatCameInTimeStaysTrue) {
    options.timeout = Duration(5'000);
    host.script.quiet = Duration(4'990);
    host.script.exit_code = 1;
    EXPECT_EQ(run().status, Status::failed);
}

TEST_F(DeadlineTest, InterruptionStopsTheCommandAtOnce) {
    host.script.runs_for_ever = true;
    interrupt_after(Duration(3'000));
    const auto outcome = run();
    EXPECT_EQ(error_id(), "run.interrupted");
    EXPECT_EQ(outcome.status, Status::unknown);
    EXPECT_LT(took_until_outcome, Duration(3'100));
    EXPECT_EQ(host.count("Signal"), 1);
    EXPECT_TRUE(host.shells.empty());
}

TEST_F(DeadlineTest, InterruptionBeforeTheCommandMeansNotStarted) {
    host.always["Create"] = {Trouble::refused};
    options.wait_for = Duration(60'000);
    interrupt_after(Duration(3'000));
    EXPECT_EQ(run().status, Status::not_started);
    EXPECT_EQ(error_id(), "run.interrupted");
    EXPECT_LT(elapsed(), Duration(3'100));
}

TEST_F(DeadlineTest, InterruptionEndsASilentCreate) {
    host.always["Create"] = {Trouble::silent};
    interrupt_after(Duration(3'000));
    EXPECT_EQ(run().status, Status::not_started);
    EXPECT_LT(took_until_outcome, Duration(3'100));
    EXPECT_TRUE(host.shells.empty());
}

TEST_F(DeadlineTest, ADeletedShellIsConfirmedByASecondDelete) {
    host.troubles["Delete"] = {{Trouble::lost_after}};
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.count("Delete"), 2);
    EXPECT_EQ(warnings(), Strings{});
}

// A connection that a firewall forgot takes no answer any more; another one does.
TEST_F(DeadlineTest, SilenceDoesNotUseUpTheTimeToCleanUp) {
    host.troubles["Signal"] = host.troubles["Delete"] = {{Trouble::silent}};
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.count("Delete"), 2);
    EXPECT_TRUE(host.shells.empty());
    EXPECT_EQ(warnings(), Strings{});
    EXPECT_LT(elapsed(), Duration(7'000));
}

// Silence may end; what is no WinRM service stays none.
TEST_F(DeadlineTest, NonsenseForDeleteIsNotWaitedOut) {
    host.always["Delete"] = {Trouble::garbage};
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(warnings(), std::vector<std::string>{"run.shell_left_open"});
    EXPECT_EQ(host.count("Delete"), 3);
    EXPECT_LT(elapsed(), Duration(1'000));
}

TEST_F(DeadlineTest, AShellThatTheHostWillNotDeleteIsReported) {
    host.always["Delete"] = {Trouble::fault, wsman::code::internal_error};
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(warnings(), Strings{"run.shell_left_open"});
    EXPECT_EQ(host.shells.size(), 1U);
}

TEST_F(DeadlineTest, OfAPingHoldsWhateverTheHostDoes) {
    host.always["Identify"] = {Trouble::silent};
    std::optional<PingOutcome> outcome;
    const auto ping = [&]() -> net::Task<void> {
        outcome = co_await identify(*connections, Duration(5'000), stop);
    };
    boost::asio::co_spawn(time.io, ping(), boost::asio::detached);
    ASSERT_TRUE(time.drive([&] { return outcome.has_value(); }));
    EXPECT_EQ(outcome->status, Status::timed_out);
    EXPECT_EQ(outcome->error->id, ErrorId::run_timeout);
    EXPECT_EQ(outcome->error->detail.substr(0, 3), "5 s") << outcome->error->detail;
    EXPECT_EQ(outcome->error->step, "identify");
    EXPECT_LT(outcome->duration, Duration(5'100));
}

// Thousands of hosts share a machine that is too busy: each answer takes seconds, and nothing is wrong.
TEST_F(DeadlineTest, ASlowHostHasTimeForItsCleanUp) {
    host.latency = Duration(8'000);
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::ok);
    EXPECT_TRUE(host.shells.empty());
    EXPECT_EQ(warnings(), Strings{});
    EXPECT_EQ(host.links, 1) << "none to end an input that nobody reads";
    EXPECT_EQ(host.count("Send"), 0);
}

TEST_F(DeadlineTest, ASlowHostIsNotWaitedForWithoutEnd) {
    host.latency = Duration(8'000);
    host.always["Delete"] = {Trouble::silent};
    (void)run();
    EXPECT_EQ(warnings(), Strings{"run.shell_left_open"});
    EXPECT_LE(elapsed() - took_until_outcome, Duration(30'100));
}

}  // namespace
}  // namespace mullion::client
