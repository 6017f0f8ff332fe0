// The life of a shell and of its commands.
#include <gtest/gtest.h>

#include "service/tests/shells_fixture.h"

namespace mullion::service::testing {
namespace {

TEST_F(ShellsTest, ACommandFromItsBeginToItsEnd) {
    wsman::CreateShell create;
    create.working_directory = "/srv";
    create.environment = {{"COLOUR", "blue"}};
    const std::string shell = open_shell(create);
    wsman::RunCommand what;
    what.command = "echo";
    what.arguments = {"a b", "'c'"};
    const auto id = wsman::read_command_response(understood(say(command_body(shell, what))));
    ASSERT_TRUE(id.ok());

    const CommandStart& started = script().started;
    EXPECT_EQ(started.argv, (std::vector<std::string>{"/bin/sh", "-c", "echo a b 'c'"}));
    EXPECT_EQ(started.unix_user, "alice");
    EXPECT_EQ(started.working_directory, "/srv");
    EXPECT_EQ(started.environment, create.environment);
    EXPECT_EQ(started.command_id, *id);

    script().put("out\n");
    script().put_error("err\n");
    script().end(3);
    const auto output = receive(shell, *id);
    ASSERT_EQ(output.chunks.size(), 4u);
    EXPECT_EQ(output.chunks[0].bytes, "out\n");
    EXPECT_EQ(output.chunks[1].bytes, "err\n");
    EXPECT_TRUE(output.chunks[2].end);
    EXPECT_EQ(output.chunks[3].stream, "stderr");
    EXPECT_EQ(output.state, wsman::CommandState::done);
    EXPECT_EQ(output.exit_code, 3u);

    // A lost last answer can be asked for again; the output of it is gone, the end is not.
    const auto again = receive(shell, *id);
    EXPECT_EQ(again.exit_code, 3u);
    EXPECT_EQ(again.chunks.size(), 2u);

    EXPECT_EQ(say(signal_body(shell, *id, wsman::SignalCode::ctrl_c)).status,
              200);  // As Windows: no fault after the end.
    EXPECT_TRUE(script().signals.empty());
    EXPECT_EQ(say(signal_body(shell, *id, wsman::SignalCode::terminate)).status, 200);
    EXPECT_EQ(code_of(say(receive_body(shell, *id))), code::unexpected_selectors);
    EXPECT_EQ(say(delete_body(shell)).status, 200);
    EXPECT_EQ(shells.count(), 0u);
    EXPECT_EQ(code_of(say(delete_body(shell))), code::unexpected_selectors);
}

TEST_F(ShellsTest, TheAnswerToCreateDescribesTheShell) {
    wsman::CreateShell what;
    what.name = "shell 1";
    what.idle_timeout = Duration(90'000);
    what.working_directory = "/tmp";
    const auto created = wsman::read_create_response(understood(say(create_body(what))));
    ASSERT_TRUE(created.ok());
    ASSERT_TRUE(created->shell.has_value());
    EXPECT_TRUE(is_guid(created->shell_id));
    EXPECT_EQ(created->address, request.to);
    EXPECT_EQ(created->resource_uri, wsman::resource::command_shell);
    EXPECT_EQ(created->shell->owner, R"(TESTHOST\alice)");
    EXPECT_EQ(created->shell->client_ip, "10.1.2.3");
    EXPECT_EQ(created->shell->idle_timeout, Duration(90'000));
    EXPECT_EQ(created->shell->working_directory, "/tmp");
    EXPECT_EQ(created->shell->run_time, Duration(0));
    const auto info = wsman::read_get_shell_response(
        understood(say(wsman::write_get_shell(request, message_id(), created->shell_id))));
    ASSERT_TRUE(info.ok());
    EXPECT_EQ(info->name, "shell 1");
}

TEST_F(ShellsTest, StreamsThatCreateLeftOutDoNotHoldTheCommandUp) {
    wsman::CreateShell create;
    create.input_streams = "";
    create.output_streams = "stdout";
    const std::string shell = open_shell(create);
    const std::string command = run(shell, "noisy");
    script().put_error(std::string(300'000, 'e'));  // More than is kept for somebody who asks later.
    script().put_error(std::string(300'000, 'e'));
    script().put("out");
    settle();
    EXPECT_TRUE(script().input_ended);
    script().end(0);
    wsman::ReceiveOutput what;
    what.command_id = command;
    what.streams = "stdout";
    const auto output = wsman::read_receive_response(
        understood(say(wsman::write_receive(request, message_id(), shell, what))));
    ASSERT_TRUE(output.ok());
    EXPECT_EQ(output->state, wsman::CommandState::done);
    EXPECT_EQ(output->chunks.at(0).bytes, "out");
}

TEST_F(ShellsTest, OfTwoReceivesTheNewerGetsTheOutput) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "slow");
    const auto left_behind = begin(receive_body(shell, command));
    const auto asked_again = begin(receive_body(shell, command));
    EXPECT_EQ(code_of(finish(left_behind)), code::operation_timed_out);
    EXPECT_FALSE(asked_again->has_value());
    script().put("first");
    const auto first = wsman::read_receive_response(understood(finish(asked_again)));
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(first->chunks.at(0).bytes, "first");
}

TEST_F(ShellsTest, ReceiveWaitsForOutput) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "slow");
    const auto pending = begin(receive_body(shell, command));
    EXPECT_FALSE(pending->has_value());
    script().put("late");
    const auto output = wsman::read_receive_response(understood(finish(pending)));
    ASSERT_TRUE(output.ok());
    EXPECT_EQ(output->chunks.at(0).bytes, "late");
    EXPECT_EQ(output->state, wsman::CommandState::running);
    EXPECT_FALSE(output->exit_code.has_value());
}

TEST_F(ShellsTest, ReceiveWithNothingToSayTimesOut) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "silent");
    request.operation_timeout = Duration(20);
    const auto fault = fault_of(say(receive_body(shell, command)));
    EXPECT_EQ(fault.code, code::operation_timed_out);
    EXPECT_EQ(fault.soap_code, "Receiver");
    EXPECT_EQ(fault.subcode, "TimedOut");
    EXPECT_NE(fault.message.find("OperationTimeout"), std::string::npos);  // Clients look for the word.
}

TEST_F(ShellsTest, MaxTimeoutCapsWhatTheClientAsksFor) {
    change([](state::Settings& s) { s.max_timeout_ms = 20; });
    const std::string shell = open_shell();
    const std::string command = run(shell, "silent");
    request.operation_timeout = Duration(3'600'000);
    EXPECT_EQ(code_of(say(receive_body(shell, command))), code::operation_timed_out);
}

TEST_F(ShellsTest, OutputThatNobodyTakesStaysInThePipe) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "flood");
    for (int i = 0; i < 40; ++i) script().put(std::string(64 * 1024, 'x'));
    settle();
    EXPECT_GT(script().out.size(), 30u) << "the service reads without end";
    EXPECT_EQ(script().signals.size(), 0u);
    std::size_t total = 0;
    request.max_envelope_size = 512'000;
    while (total < 40u * 64 * 1024) {
        for (const auto& chunk : receive(shell, command).chunks) total += chunk.bytes.size();
    }
    EXPECT_EQ(total, 40u * 64 * 1024);
}

// What a process leaves in the pipe is taken; a process in the background that never stops writing is not.
TEST_F(ShellsTest, AFloodAfterTheEndIsCut) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "yes &");
    for (int i = 0; i < 60; ++i) script().put(std::string(64 * 1024, 'y'));
    script().exit_code = 0;
    script().changed.notify();
    std::size_t total = 0;
    request.max_envelope_size = 512'000;
    wsman::ReceivedOutput output;
    while (output.state != wsman::CommandState::done) {
        output = receive(shell, command);
        for (const auto& chunk : output.chunks) total += chunk.bytes.size();
    }
    EXPECT_GE(total, 1024u * 1024);
    EXPECT_LE(total, 1024u * 1024 + 512u * 1024);
}

TEST_F(ShellsTest, AFloodOnStdoutDoesNotHideStderr) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "flood");
    script().put(std::string(200 * 1024, 'x'));
    script().put_error("important");
    settle();
    const auto output = receive(shell, command);
    ASSERT_EQ(output.chunks.size(), 2u);
    EXPECT_EQ(output.chunks[1].bytes, "important");
}

// A process in the background keeps the pipes; the command itself is over.
TEST_F(ShellsTest, AGrandchildThatHoldsThePipesHoldsNobodyUp) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "daemon &");
    script().put("started\n");
    script().exit_code = 0;  // The pipes stay open.
    script().changed.notify();
    std::string all;
    auto output = receive(shell, command);
    while (true) {
        for (const auto& chunk : output.chunks) all += chunk.bytes;
        if (output.state == wsman::CommandState::done) break;
        output = receive(shell, command);
    }
    EXPECT_EQ(all, "started\n");
    EXPECT_EQ(output.exit_code, 0u);
    EXPECT_TRUE(script().output_closed);
    EXPECT_TRUE(script().signals.empty())
        << "what runs in the background may go on until the shell is deleted";
}

TEST_F(ShellsTest, OnlyWantedStreamsAreGiven) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "both");
    script().put("out");
    script().put_error("err");
    script().end(0);
    settle();
    wsman::ReceiveOutput what;
    what.command_id = command;
    what.streams = "stderr";
    const auto output = wsman::read_receive_response(
        understood(say(wsman::write_receive(request, message_id(), shell, what))));
    ASSERT_TRUE(output.ok());
    ASSERT_EQ(output->chunks.size(), 2u);
    EXPECT_EQ(output->chunks[0].bytes, "err");
    for (const char* wrong : {"stdlog", "stdout stdlog", "pr"}) {
        what.streams = wrong;
        EXPECT_EQ(code_of(say(wsman::write_receive(request, message_id(), shell, what))),
                  code::invalid_desired_streams)
            << wrong;
    }
}

TEST_F(ShellsTest, InputGoesInOrderAndEnds) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "cat");
    EXPECT_EQ(say(send_body(shell, command, "one ")).status, 200);
    EXPECT_EQ(say(send_body(shell, command, "two", true)).status, 200);
    settle();
    EXPECT_EQ(script().input, "one two");
    EXPECT_TRUE(script().input_ended);
    EXPECT_EQ(code_of(say(send_body(shell, command, "three"))), code::broken_pipe);
}

TEST_F(ShellsTest, InputThatIsNotReadIsNotTakenTwice) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "sleep");
    script().reads_input = false;
    request.operation_timeout = Duration(20);
    EXPECT_EQ(say(send_body(shell, command, "first")).status, 200);  // Waits in the service.
    EXPECT_EQ(code_of(say(send_body(shell, command, "second"))), code::busy);
    script().reads_input = true;
    script().changed.notify();
    EXPECT_EQ(say(send_body(shell, command, "second")).status, 200);
    settle();
    EXPECT_EQ(script().input, "firstsecond");
}

TEST_F(ShellsTest, InputAfterTheEndIsABrokenPipe) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "true");
    script().end(0);
    settle();
    EXPECT_EQ(code_of(say(send_body(shell, command, "late"))), code::broken_pipe);
    EXPECT_EQ(code_of(say(send_body(shell, command, "x", false, "pr"))), code::invalid_input_stream);
}

TEST_F(ShellsTest, SignalsReachTheProcessGroup) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "sleep");
    EXPECT_EQ(say(signal_body(shell, command, wsman::SignalCode::ctrl_c)).status, 200);
    EXPECT_EQ(say(signal_body(shell, command, wsman::SignalCode::ctrl_break)).status, 200);
    EXPECT_EQ(script().signals, (std::vector{ProcessSignal::interrupt, ProcessSignal::quit}));
    const auto waiting = begin(receive_body(shell, command));
    EXPECT_EQ(say(signal_body(shell, command, wsman::SignalCode::terminate)).status, 200);
    EXPECT_EQ(script().signals.back(), ProcessSignal::kill);
    EXPECT_EQ(code_of(finish(waiting)), code::aborted);
    EXPECT_EQ(code_of(say(signal_body(shell, command, wsman::SignalCode::ctrl_c))),
              code::unexpected_selectors);
}

TEST_F(ShellsTest, WhatWasHandedOverEndsWithTheShell) {
    auto delegated =
        std::make_shared<const auth::Delegated>(auth::Delegated{"LAB", "alice", Secret("canary-in-a-shell")});
    const std::weak_ptr<const auth::Delegated> seen = delegated;
    auto in = incoming(create_body({}), "alice", true);
    in.identity.emplace("alice", auth::Transport::credssp, true, "alice", std::move(delegated));
    const auto shell = wsman::read_create_response(understood(handle(std::move(in))));
    ASSERT_TRUE(shell.ok());
    EXPECT_FALSE(seen.expired()) << "the session cannot reach it";
    const auto id = run(shell->shell_id, "env");
    for (const auto& [name, value] : script().started.environment)
        EXPECT_EQ(value.find("canary-in-a-shell"), std::string::npos) << name;
    EXPECT_EQ(script().started.delegated, seen.lock()) << "its commands cannot reach it";
    script().started.delegated.reset();
    script().end(0);
    (void)receive(shell->shell_id, id);
    EXPECT_FALSE(seen.expired());
    EXPECT_EQ(say(delete_body(shell->shell_id)).status, 200);
    EXPECT_TRUE(seen.expired()) << "somebody holds it still";
}

TEST_F(ShellsTest, DeleteKillsAndAnswersWhenAllIsGone) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "sleep");
    script().dies_of_kill = false;
    const auto waiting = begin(receive_body(shell, command));
    const auto deleting = begin(delete_body(shell));
    EXPECT_EQ(script().signals, (std::vector{ProcessSignal::kill}));
    EXPECT_FALSE(deleting->has_value()) << "answered before the process was gone";
    EXPECT_EQ(code_of(finish(waiting)), code::aborted);
    EXPECT_EQ(code_of(say(receive_body(shell, command))), code::unexpected_selectors);
    script().end(137);
    EXPECT_EQ(finish(deleting).status, 200);
}

TEST_F(ShellsTest, IdleShellsGo) {
    wsman::CreateShell create;
    create.idle_timeout = Duration(60'000);
    const std::string shell = open_shell(create);
    const std::string busy = open_shell(create);
    const std::string command = run(busy, "silent");
    const auto waiting = begin(receive_body(busy, command));
    clock.advance(Duration(59'999));
    sweep();
    EXPECT_EQ(shells.count(), 2u);
    clock.advance(Duration(1));
    sweep();
    EXPECT_EQ(shells.count(), 1u) << "a Receive in progress is activity";
    EXPECT_EQ(code_of(say(delete_body(shell))), code::unexpected_selectors);
    script().put("x");
    finish(waiting);
    clock.advance(Duration(60'000));
    sweep();
    EXPECT_EQ(shells.count(), 0u);
    EXPECT_EQ(script().signals, (std::vector{ProcessSignal::kill}));
}

TEST_F(ShellsTest, TheIdleTimeoutOfTheSettingsIsAtLeastAMinute) {
    change([](state::Settings& s) { s.idle_timeout_ms = 0; });
    const std::string shell = open_shell();
    const auto info =
        wsman::read_get_shell_response(understood(say(wsman::write_get_shell(request, message_id(), shell))));
    ASSERT_TRUE(info.ok());
    EXPECT_EQ(info->idle_timeout, Duration(60'000));
}

TEST_F(ShellsTest, CodePage437BothWays) {
    wsman::CreateShell create;
    create.code_page = 437;
    const std::string shell = open_shell(create);
    const std::string command = run(shell, "cat");
    script().put("caf\xC3");  // U+00E9 in two reads.
    script().put("\xA9\n");
    settle();
    EXPECT_EQ(say(send_body(shell, command, "\x82")).status, 200);
    script().end(0);
    std::string all;
    for (const auto& chunk : receive(shell, command).chunks) all += chunk.bytes;
    EXPECT_EQ(all, "caf\x82\n");
    EXPECT_EQ(script().input, "\xC3\xA9");
}

TEST_F(ShellsTest, FinishedCommandsAreNotKeptWithoutEnd) {
    const std::string shell = open_shell();
    const std::string first = run(shell, "0");
    script(0).end(0);
    settle();
    for (std::size_t i = 1; i < 300; ++i) {
        run(shell, std::to_string(i));
        script(i).end(0);
        settle();
    }
    EXPECT_EQ(code_of(say(receive_body(shell, first))), code::unexpected_selectors);
}

TEST_F(ShellsTest, ClosingAllEndsEverything) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "sleep");
    const auto waiting = begin(receive_body(shell, command));
    bool gone = false;
    auto closing = shells.close_all(std::chrono::steady_clock::now() + std::chrono::seconds(5));
    boost::asio::co_spawn(io, std::move(closing), [&](std::exception_ptr, bool all) { gone = all; });
    EXPECT_EQ(code_of(finish(waiting)), code::aborted);
    settle();
    EXPECT_TRUE(gone);
    EXPECT_EQ(shells.count(), 0u);
}

}  // namespace
}  // namespace mullion::service::testing
