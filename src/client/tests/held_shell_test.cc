// Several commands in one shell: what a further one costs, what a lost shell means, and that none is left.
#include "client/tests/loopback_service.h"
#include "client/tests/run_fixture.h"

namespace mullion::client {
namespace {

using testing::Trouble;
using Strings = std::vector<std::string>;

class HeldShellTest : public testing::RunFixture {
protected:
    HeldShellTest() { keep_shell = true; }
    void expect_each_ran_once(std::size_t commands) {
        EXPECT_EQ(host.executions.size(), commands);
        for (const auto& [id, count] : host.executions) EXPECT_EQ(count, 1) << id;
    }
};

TEST_F(HeldShellTest, AFurtherCommandTakesTwoMessages) {
    EXPECT_EQ(run().round_trips, 3U);
    EXPECT_EQ(run().round_trips, 2U);
    EXPECT_EQ(run().round_trips, 2U);
    EXPECT_EQ(host.seen, (Strings{"1 Create", "1 Command", "1 Receive", "1 Signal", "1 Command", "1 Receive",
                                  "1 Signal", "1 Command", "1 Receive", "1 Signal"}));
    expect_each_ran_once(3);
    EXPECT_EQ(host.shells.size(), 1U);
}

TEST_F(HeldShellTest, EachCommandHasItsOwnOutcome) {
    host.script.output = {{"stdout", "one"}};
    EXPECT_EQ(run().status, Status::ok);
    host.script.output = {{"stdout", "two"}};
    host.script.exit_code = 7;
    EXPECT_EQ(run().exit_code, 7U);
    EXPECT_EQ(sink.output, "onetwo");
}

TEST_F(HeldShellTest, AShellThatIsGoneIsReplaced) {
    EXPECT_EQ(run().status, Status::ok);
    host.shells.clear();  // Idle for too long.
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.count("Create"), 2);
    EXPECT_EQ(host.count("Delete"), 0) << "it is gone already";
    expect_each_ran_once(2);
}

TEST_F(HeldShellTest, IsReplacedOnceForEachCommand) {
    EXPECT_EQ(run().status, Status::ok);
    host.always["Command"] = {Trouble::fault, wsman::code::unexpected_selectors};
    EXPECT_NE(run().status, Status::ok);
    EXPECT_EQ(error_id(), "wsman.shell_gone");
    EXPECT_EQ(host.count("Create"), 2);
    expect_each_ran_once(1);
}

TEST_F(HeldShellTest, UsedUpOperationsRecycleIt) {
    host.troubles["Command"] = {{}, {Trouble::fault, wsman::code::quota_operations}};
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.count("Create"), 2);
    EXPECT_EQ(host.count("Delete"), 1);
    EXPECT_EQ(host.shells.size(), 1U);
    expect_each_ran_once(2);
}

TEST_F(HeldShellTest, StaysWhenACommandWasStopped) {
    host.script.runs_for_ever = true;
    options.timeout = Duration(5'000);
    EXPECT_EQ(run().status, Status::timed_out);
    EXPECT_EQ(host.count("Signal"), 2) << "ctrl_c ends it, terminate frees its place";
    host.script.runs_for_ever = false;
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.count("Create"), 1);
    EXPECT_EQ(warnings(), Strings{});
}

TEST_F(HeldShellTest, GoesWithACommandThatDoesNotEnd) {
    host.script.runs_for_ever = host.script.ignores_ctrl_c = host.script.ignores_terminate = true;
    options.timeout = Duration(5'000);
    EXPECT_EQ(run().status, Status::timed_out);
    EXPECT_TRUE(host.shells.empty());
    host.script.runs_for_ever = false;
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.count("Create"), 2);
}

TEST_F(HeldShellTest, StaysAfterACommandThatNeverArrived) {
    EXPECT_EQ(run().status, Status::ok);
    host.troubles["Command"] = {{Trouble::lost_before}};
    EXPECT_EQ(run().status, Status::unknown);
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.count("Create"), 1);
    expect_each_ran_once(2);
}

TEST_F(HeldShellTest, AFaultToSignalIsIgnored) {
    host.always["Signal"] = {Trouble::fault, wsman::code::unexpected_selectors};
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(warnings(), Strings{});
    EXPECT_EQ(host.count("Create"), 1);
}

TEST_F(HeldShellTest, AShellThatWasNotOpenedIsTriedAgainByTheNextCommand) {
    host.troubles["Create"] = {{Trouble::refused}};
    EXPECT_EQ(run().status, Status::unreachable);
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.shells.size(), 1U);
}

class CommandShellTest : public ::testing::Test {
protected:
    std::unique_ptr<CommandShell> shell(ShellOptions options = {}) {
        return std::move(
            CommandShell::make(runtime, service.target(), service.credential(), std::move(options)).value());
    }
    testing::LoopbackService service;
    Runtime runtime;
    testing::Collected sink;
};

TEST_F(CommandShellTest, RunsCommandsOnOneConnection) {
    service.host().script.output = {{"stdout", "out"}};
    const auto one = shell({.working_directory = "C:\\t", .environment = {{"K", "V"}}, .code_page = 437});
    for (const unsigned expected : {4U, 3U, 3U}) {
        const auto outcome = one->run({.command = "x"}, sink);
        EXPECT_EQ(outcome.status, Status::ok);
        EXPECT_EQ(outcome.round_trips, expected);
    }
    EXPECT_EQ(service.host().created.working_directory, "C:\\t");
    EXPECT_EQ(service.host().created.code_page, 437U);
    EXPECT_EQ(service.host().shells.size(), 1U);
    EXPECT_TRUE(one->close().empty());
    EXPECT_EQ(service.connections, 1);
    EXPECT_TRUE(service.host().shells.empty());
    EXPECT_EQ(one->run({.command = "x"}, sink).status, Status::ok) << "in a new shell";
    EXPECT_EQ(sink.output, "outoutoutout");
    EXPECT_EQ(service.host().executions.size(), 4U);
}

TEST_F(CommandShellTest, LeavesNoShellWhenItGoes) {
    {
        Runtime short_lived;
        auto one = CommandShell::make(short_lived, service.target(), service.credential());
        EXPECT_EQ(one.value()->run({.command = "x"}, sink).status, Status::ok);
    }
    EXPECT_TRUE(service.host().shells.empty());
}

TEST_F(CommandShellTest, AnInterruptionCountsForOneCommand) {
    const auto one = shell();
    service.host().script.runs_for_ever = true;
    service.on_request = [&](const std::string& request) {
        if (request.find("shell/Receive") != std::string::npos) one->interrupt();
    };
    EXPECT_EQ(one->run({.command = "x"}, sink).error->id, ErrorId::run_interrupted);
    EXPECT_TRUE(one->close().empty());
    EXPECT_TRUE(service.host().shells.empty());
}

TEST_F(CommandShellTest, AnInterruptionBetweenTwoCommandsEndsTheNext) {
    const auto one = shell();
    EXPECT_EQ(one->run({.command = "x"}, sink).status, Status::ok);
    one->interrupt();
    EXPECT_EQ(one->run({.command = "x"}, sink).status, Status::not_started);
    EXPECT_EQ(one->run({.command = "x"}, sink).status, Status::ok);
    EXPECT_EQ(service.host().executions.size(), 2U);
}

}  // namespace
}  // namespace mullion::client
