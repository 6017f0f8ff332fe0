#include "client/command_run.h"

#include "client/tests/run_fixture.h"

namespace mullion::client {
namespace {

using testing::Trouble;
using CommandRunTest = testing::RunFixture;
using Strings = std::vector<std::string>;

TEST_F(CommandRunTest, TakesFiveMessagesOnOneConnection) {
    host.script.output = {{"stdout", "out"}, {"stderr", "err"}};
    host.script.exit_code = 3;
    const auto outcome = run();
    EXPECT_EQ(outcome.status, Status::failed);
    EXPECT_EQ(outcome.exit_code, 3U);
    EXPECT_TRUE(outcome.output_complete);
    EXPECT_FALSE(outcome.error);
    EXPECT_EQ(sink.output, "out");
    EXPECT_EQ(sink.errors, "err");
    EXPECT_EQ(host.seen, (Strings{"1 Create", "1 Command", "1 Receive", "1 Receive", "1 Receive", "1 Signal",
                                  "1 Delete"}));
    EXPECT_EQ(outcome.round_trips, 5U);  // Until the result was known.
    EXPECT_TRUE(host.shells.empty());
    EXPECT_EQ(warnings(), Strings{});
}

TEST_F(CommandRunTest, SaysWhatIsToBeRun) {
    options.command = "echo \"a & b\"";
    options.working_directory = "C:\\t";
    options.environment = {{"K", "V"}};
    options.no_profile = true;
    options.code_page = 437;
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.ran.command, "echo \"a & b\"");
    EXPECT_EQ(host.ran.console_mode_stdin, true);
    EXPECT_EQ(host.ran.skip_cmd_shell, false);
    EXPECT_EQ(host.created.working_directory, "C:\\t");
    EXPECT_EQ(host.created.environment, options.environment);
    EXPECT_EQ(host.created.no_profile, true);
    EXPECT_EQ(host.created.code_page, 437U);
    EXPECT_TRUE(is_guid(host.created.shell_id));
    EXPECT_TRUE(is_guid(host.ran.command_id));
}

std::shared_ptr<const SecretVariables> secret_variable(std::string_view value) {
    SecretVariables variables;
    variables.emplace_back("PW", Secret(value));
    return std::make_shared<const SecretVariables>(std::move(variables));
}

TEST_F(CommandRunTest, GivesTheShellSecretVariablesBehindTheOthers) {
    options.environment = {{"K", "V"}};
    options.secret_environment = secret_variable("a <b> & \"c\"");
    EXPECT_EQ(run().status, Status::ok);
    const std::vector<std::pair<std::string, std::string>> wanted{{"K", "V"}, {"PW", "a <b> & \"c\""}};
    EXPECT_EQ(host.created.environment, wanted);
}

TEST_F(CommandRunTest, SaysNothingOfASecretVariableThatCannotBeSent) {
    for (const auto* value : {"\a-canary", "canary-\xFC"}) {
        options.secret_environment = secret_variable(value);
        const auto outcome = run();
        EXPECT_EQ(error_id(), "usage.invalid");
        EXPECT_EQ(outcome.error->message().find("canary"), std::string::npos);
        EXPECT_EQ(outcome.error->message().find("0x"), std::string::npos);
        EXPECT_NE(outcome.error->message().find("PW"), std::string::npos);
    }
    EXPECT_EQ(host.seen, Strings{});
}

TEST_F(CommandRunTest, KeepsTheBitsOfTheExitCode) {
    host.script.exit_code = 0xC0000005;
    EXPECT_EQ(run().exit_code, 0xC0000005U);
}

TEST_F(CommandRunTest, UsesTheIdsOfAHostThatChoosesItsOwn) {
    host.ignores_our_ids = true;
    host.script.output = {{"stdout", "out"}};
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(sink.output, "out");
    EXPECT_TRUE(host.shells.empty());
}

TEST_F(CommandRunTest, ReceivesAgainAfterEachOperationTimeout) {
    host.script.quiet = Duration(70'000);
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.count("Receive"), 4);
    EXPECT_EQ(warnings(), Strings{});
}

TEST_F(CommandRunTest, TellsARunningCommandThatItsInputIsEmpty) {
    host.script.reads_input = true;
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_TRUE(host.input_ended);
    EXPECT_LT(elapsed(), Duration(2'000));
    EXPECT_EQ(host.links, 2);
}

TEST_F(CommandRunTest, FeedsAMegabyteWhileOutputFlows) {
    host.script.reads_input = true;
    for (int i = 0; i < 50; ++i) host.script.output.emplace_back("stdout", "x");
    std::string megabyte(1'000'000, 'm');
    megabyte += "end\n";
    feed({megabyte});
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.ran.console_mode_stdin, false);
    EXPECT_EQ(host.input, megabyte);
    EXPECT_EQ(sink.output, std::string(50, 'x') + megabyte);
    EXPECT_LE(host.largest_message, connections->settings.max_envelope_size);
    EXPECT_EQ(host.links, 2);
    for (const auto& line : host.seen) {
        if (line.find("Send") == std::string::npos) continue;
        EXPECT_EQ(line, "2 Send");
    }
}

TEST_F(CommandRunTest, SendsAgainWhatABusyHostDidNotTake) {
    host.script.reads_input = true;
    host.troubles["Send"] = {{Trouble::fault, wsman::code::busy}, {Trouble::fault, wsman::code::busy}};
    feed({"one", "two"});
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(host.input, "onetwo");
}

TEST_F(CommandRunTest, TakesItAsNormalThatTheCommandReadsNoMore) {
    host.script.quiet = Duration(5'000);
    host.always["Send"] = {Trouble::fault, wsman::code::broken_pipe};
    feed({"one"});
    EXPECT_EQ(run().status, Status::ok);
    EXPECT_EQ(warnings(), Strings{});
}

TEST_F(CommandRunTest, NeverSendsInputTwice) {
    host.script.runs_for_ever = true;
    host.troubles["Send"] = {{Trouble::lost_after}};
    feed({"one", "two"});
    const auto outcome = run();
    EXPECT_EQ(error_id(), "run.input");
    EXPECT_EQ(outcome.status, Status::failed);
    EXPECT_LT(outcome.duration, Duration(2'000)) << "a silent command is told to stop at once";
    EXPECT_EQ(host.input, "one");
    EXPECT_TRUE(host.shells.empty());
}

TEST_F(CommandRunTest, InputIsNotSentAgainBecauseSomebodySaid401) {
    host.script.runs_for_ever = true;
    host.troubles["Send"] = {{Trouble::forged}};
    feed({"one", "two"});
    run();
    EXPECT_EQ(error_id(), "run.input");
    EXPECT_EQ(host.input, "one");
}

TEST_F(CommandRunTest, RefusesTextThatXmlCannotCarry) {
    const std::string bell = "echo '\a'";
    const std::string latin1 = "gr\xFC\xDF";
    const auto expect_refused = [this] {
        const auto outcome = run();
        EXPECT_EQ(error_id(), "usage.invalid");
        EXPECT_EQ(outcome.status, Status::not_started);
        EXPECT_TRUE(outcome.output_complete);
    };
    for (const auto& text : {bell, latin1}) {
        options = {.command = text};
        expect_refused();
        options = {.command = "do it", .working_directory = text};
        expect_refused();
        options = {.command = "do it", .environment = {{"A", text}}};
        expect_refused();
        options = {.command = "do it", .environment = {{text, "A"}}};
        expect_refused();
    }
    EXPECT_EQ(host.seen, Strings{});
}

TEST_F(CommandRunTest, ForgivesLostInputOfACommandThatEnded) {
    host.troubles["Send"] = {{Trouble::lost_before}};
    host.script.quiet = Duration(10);
    feed({"one"});
    EXPECT_EQ(run().status, Status::ok);
}

}  // namespace
}  // namespace mullion::client
