// What simulated hosts answer, as a client sees it.
#include "encoding/base64.h"
#include "encoding/utf16.h"
#include "simulate/tests/host_fixture.h"
#include "wsman/identify.h"

namespace mullion::simulate::testing {
namespace {

using Answers = HostFixture;

TEST_F(Answers, TheFirstThatMatches) {
    use(R"(
answers:
  - {command: ver, stdout: "one\n", stderr: "warning\n", exit_code: 3}
  - {glob: "v*", stdout: "two\n"}
  - {regex: "^echo (.*)$", stdout: "{1} from {host} at {address}, {user}\n"}
)");
    const auto ver = ask("VER");
    EXPECT_EQ(ver.out, "one\r\n");
    EXPECT_EQ(ver.err, "warning\r\n");
    EXPECT_EQ(ver.exit_code, 3u);
    EXPECT_EQ(ver.receives, 1u);  // What is quick comes with its end.
    EXPECT_EQ(ask("vol").out, "two\r\n");
    EXPECT_EQ(ask("echo a  b").out, "a  b from web01 at 127.1.0.1, alice\r\n");
}

TEST_F(Answers, ArgumentsAreJoined) {
    use("answers: [{command: ipconfig /all, stdout: x}]\n");
    const auto shell = open_shell();
    auto what = line("ipconfig");
    what.arguments = {"/all"};
    const auto id = wsman::read_command_response(
        *wsman::read_message(try_run(shell, what).body, wsman::wire_limits(65'536)));
    ASSERT_TRUE(id.ok());
    EXPECT_EQ(all_of(shell, *id).out, "x");
}

TEST_F(Answers, AnUnknownCommandIsWhatWindowsSays) {
    use("answers: []\n");
    const auto unknown = ask("frobnicate /x");
    EXPECT_EQ(
        unknown.err,
        "'frobnicate' is not recognized as an internal or external command,\r\noperable program or batch "
        "file.\r\n");
    EXPECT_EQ(unknown.exit_code, 1u);
    use("otherwise: {stdout: 'no {command}', exit_code: 9009}\n");
    EXPECT_EQ(ask("anything").out, "no anything");
    EXPECT_EQ(ask("anything").exit_code, 9009u);
}

TEST_F(Answers, PowerShellByItsDecodedText) {
    use(R"(
answers:
  - {command: Get-Date, as: powershell, stdout: "today\n"}
  - {contains: EncodedCommand, stdout: "not decoded\n"}
)");
    const auto text = encoding::utf8_to_utf16("Get-Date\n", encoding::ByteOrder::little);
    EXPECT_EQ(ask("powershell -NoProfile -EncodedCommand " + encoding::base64_encode(*text)).out,
              "today\r\n");
    EXPECT_EQ(ask("powershell -EncodedCommand !!!").out, "not decoded\r\n");
}

TEST_F(Answers, PowerShellThatReadsItsScriptFromInput) {
    use("answers: [{contains: Get-Date, as: powershell, stdout: \"today\\n\"}]\n");
    const auto shell = open_shell();
    const auto command = run(shell, "powershell -NoProfile -Command -");
    send(shell, command, "Get-", false);
    send(shell, command, "Date", true);
    EXPECT_EQ(all_of(shell, command).out, "today\r\n");
}

TEST_F(Answers, InputIsEchoedAndComparedWith) {
    use(R"(
answers:
  - {command: cat, stdin: echo, exit_code: 4}
  - {command: login, stdin: {contains: swordfish}, stdout: "welcome\n"}
  - {command: login, stdout: "go away\n", exit_code: 5}
)");
    const auto shell = open_shell();
    const auto cat = run(shell, "cat");
    send(shell, cat, "first ", false);
    EXPECT_EQ(receive(shell, cat).chunks.at(0).bytes, "first ");
    send(shell, cat, "last", true);
    const auto rest = all_of(shell, cat);
    EXPECT_EQ(rest.out, "last");
    EXPECT_EQ(rest.exit_code, 4u);

    const auto right = run(shell, "login");
    send(shell, right, "swordfish\n", true);
    EXPECT_EQ(all_of(shell, right).out, "welcome\r\n");
    const auto wrong = run(shell, "login");
    send(shell, wrong, "guess\n", true);
    EXPECT_EQ(all_of(shell, wrong).exit_code, 5u);
}

TEST_F(Answers, WhatTakesLongerEndsInAnAnswerOfItsOwn) {
    use(R"(
answers:
  - {command: slow, delay: 60ms, stdout: "x\n", exit_code: 2}
  - {command: nearly, delay: 40ms, stdout: "x\n"}
  - {command: forced, stdout: "x\n", done: separately}
  - {command: joined, delay: 60ms, stdout: "x\n", done: together}
  - {command: silent, delay: 60ms, exit_code: 6}
)");
    const auto slow = ask("slow");
    EXPECT_EQ(slow.out, "x\r\n");
    EXPECT_EQ(slow.exit_code, 2u);
    EXPECT_EQ(slow.receives, 2u);
    EXPECT_EQ(ask("nearly").receives, 1u);
    EXPECT_EQ(ask("forced").receives, 2u);
    EXPECT_EQ(ask("joined").receives, 1u);
    const auto silent = ask("silent");
    EXPECT_EQ(silent.receives, 1u);
    EXPECT_EQ(silent.exit_code, 6u);
}

TEST_F(Answers, TheEndDoesNotWaitForAStreamThatNobodyHas) {
    use("answers: [{command: slow, stdout: \"x\\n\", stderr: \"y\\n\", done: separately, exit_code: 7}]\n");
    wsman::CreateShell what;
    what.output_streams = "stderr";
    const auto shell = open_shell(what);
    const auto command = run(shell, "slow");
    wsman::ReceiveOutput receive;
    receive.command_id = command;
    receive.streams = "stderr";
    for (int i = 0; i < 2; ++i) {
        const auto out = say(wsman::write_receive(request, id(), shell, receive));
        const auto read =
            wsman::read_receive_response(*wsman::read_message(out.body, wsman::wire_limits(65'536)));
        ASSERT_TRUE(read.ok());
        EXPECT_EQ(read->exit_code.has_value(), i == 1);
    }
}

TEST_F(Answers, ChunksComeInTheirOrder) {
    use(R"(
answers:
  - command: steps
    chunks:
      - {stdout: "1\n"}
      - {delay: 30ms, stderr: "2\n"}
      - {delay: 30ms, stdout: "3", repeat: 3}
)");
    const auto shell = open_shell();
    const auto command = run(shell, "steps");
    EXPECT_EQ(receive(shell, command).chunks.at(0).bytes, "1\r\n");
    EXPECT_EQ(receive(shell, command).chunks.at(0).stream, "stderr");
    EXPECT_EQ(all_of(shell, command).out, "333");
}

TEST_F(Answers, LargeOutputIsMadeAsItIsAskedFor) {
    use("answers: [{command: big, stdout: \"0123456789\\n\", size: 5MB, newlines: as_is}]\n");
    const auto big = ask("big");
    ASSERT_EQ(big.out.size(), 5'000'000u);
    EXPECT_EQ(big.out.substr(0, 22), "0123456789\n0123456789\n");
    for (std::size_t i = 0; i < big.out.size(); ++i) ASSERT_EQ(big.out[i], "0123456789\n"[i % 11]) << i;
}

TEST_F(Answers, InTheCodePageOfTheShell) {
    use("answers: [{command: umlaut, stdout: \"ü\"}]\n");
    wsman::CreateShell what;
    what.code_page = 437;
    const auto shell = open_shell(what);
    EXPECT_EQ(all_of(shell, run(shell, "umlaut")).out, "\x81");
}

TEST_F(Answers, ACommandThatNeverEndsIsEndedBySignals) {
    use("answers: [{command: ping -t, delay: never}]\n");
    const auto shell = open_shell();
    const auto command = run(shell, "ping -t");
    wsman::SendSignal signal;
    signal.command_id = command;
    signal.code = wsman::SignalCode::ctrl_c;
    EXPECT_EQ(say(wsman::write_signal(request, id(), shell, signal)).status, 200);
    EXPECT_EQ(all_of(shell, command).exit_code, 0xC000013Au);
    const auto another = run(shell, "ping -t");
    signal.command_id = another;
    signal.code = wsman::SignalCode::terminate;
    EXPECT_EQ(say(wsman::write_signal(request, id(), shell, signal)).status, 200);
    EXPECT_EQ(say(wsman::write_delete(request, id(), shell)).status, 200);
}

TEST_F(Answers, IdentifyIsTheFleets) {
    use("identify: {vendor: Contoso, os: 6.3.9600}\n");
    const auto message = wsman::read_message(say(wsman::write_identify()).body, wsman::wire_limits(65'536));
    ASSERT_TRUE(message.ok());
    const auto identity = wsman::read_identify_response(*message);
    ASSERT_TRUE(identity.ok());
    EXPECT_EQ(identity->product_vendor, "Contoso");
    EXPECT_EQ(identity->product_version, "OS: 6.3.9600 SP: 0.0 Stack: 3.0");
}

}  // namespace
}  // namespace mullion::simulate::testing
