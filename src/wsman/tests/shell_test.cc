#include "wsman/shell.h"

#include <functional>

#include "wsman/fault.h"
#include "wsman/tests/data.h"

namespace mullion::wsman {
namespace {

using testing::command_id;
using testing::data_message;
using testing::message_id;
using testing::message_of;
using testing::other_id;
using testing::settings;
using testing::shell_id;

TEST(Create, ReadsARecordedRequest) {
    const auto create = read_create(data_message("windows/create_request_extra"));
    ASSERT_TRUE(create.ok()) << create.error().message();
    EXPECT_EQ(create.value().name, "shell 1");
    EXPECT_EQ(create.value().working_directory, "C:\\Windows");
    EXPECT_EQ(create.value().idle_timeout, Duration(60'000));
    EXPECT_EQ(create.value().lifetime, Duration(60'000));
    EXPECT_EQ(create.value().input_streams, "stdin");
    EXPECT_EQ(create.value().output_streams, "stdout stderr");
    EXPECT_FALSE(create.value().no_profile);
    EXPECT_EQ(read_create(data_message("windows/create_request_no_profile")).value().no_profile, true);
}

TEST(Create, GoesThereAndBack) {
    CreateShell create;
    create.shell_id = shell_id;
    create.name = "name & co";
    create.environment = {{"A", " 1 "}, {"B", "<&>\n\"'"}, {"ü", "ö"}};
    create.working_directory = "/tmp";
    create.idle_timeout = Duration(60'500);
    create.lifetime = Duration(1'000);
    create.no_profile = false;
    create.code_page = 65001;
    const auto message = message_of(write_create(settings(), message_id, create));
    EXPECT_EQ(message.header.resource_uri, resource::command_shell);
    EXPECT_TRUE(message.header.selectors.empty());
    const auto read = read_create(message);
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(read.value().shell_id, create.shell_id);
    EXPECT_EQ(read.value().name, create.name);
    EXPECT_EQ(read.value().environment, create.environment);
    EXPECT_EQ(read.value().working_directory, create.working_directory);
    EXPECT_EQ(read.value().idle_timeout, create.idle_timeout);
    EXPECT_EQ(read.value().lifetime, create.lifetime);
    EXPECT_EQ(read.value().no_profile, false);
    EXPECT_EQ(read.value().code_page, 65001U);
}

TEST(Create, RefusesValuesThatMakeNoSense) {
    const auto code_with = [](std::vector<Option> options, std::string_view inside) {
        const RequestHead head{action::create, resource::command_shell, message_id, {}, std::move(options)};
        const auto read = read_create(message_of(write_request(
            settings(), head, [&](xml::Writer& out) { out.open("rsp:Shell").raw(inside).close(); })));
        return read.ok() ? 0 : read.error().wsman_code.value_or(0);
    };
    EXPECT_EQ(code_with({}, ""), 0U);
    EXPECT_EQ(code_with({}, "<rsp:IdleTimeOut>PT-5S</rsp:IdleTimeOut>"), code::schema_validation);
    EXPECT_EQ(code_with({}, "<rsp:Lifetime/>"), code::schema_validation);
    EXPECT_EQ(code_with({{"WINRS_CODEPAGE", "UTF-8", false}}, ""), code::invalid_option_value);
    EXPECT_EQ(code_with({{"WINRS_CODEPAGE", "-1", false}}, ""), code::invalid_option_value);
    EXPECT_EQ(code_with({{"WINRS_NOPROFILE", "maybe", false}}, ""), code::invalid_option_value);
    EXPECT_EQ(read_create(data_message("windows/receive_request")).error().wsman_code,
              code::schema_validation);
}

TEST(CreateResponse, ReadsARecordedAnswer) {
    const auto created = read_create_response(data_message("windows/create_response"));
    ASSERT_TRUE(created.ok());
    EXPECT_EQ(created.value().shell_id, "CBA3E536-A3A2-4B88-9ED3-4919930E15C2");
    EXPECT_EQ(created.value().address, "http://192.168.56.15:5985/wsman");
    EXPECT_EQ(created.value().resource_uri, resource::command_shell);
    ASSERT_TRUE(created.value().shell);
    EXPECT_EQ(created.value().shell->owner, "vagrant");
    EXPECT_EQ(created.value().shell->client_ip, "192.168.56.1");
    EXPECT_EQ(created.value().shell->idle_timeout, Duration(60'000));
    EXPECT_EQ(created.value().shell->run_time, Duration(0));
}

TEST(CreateResponse, GoesThereAndBackAndLivesWithLess) {
    ShellCreated created{shell_id, std::string(resource::command_shell), "http://host/wsman", ShellInfo{}};
    created.shell->shell_id = shell_id;
    created.shell->idle_timeout = Duration(7'200'000);
    created.shell->environment = {{"A", "1"}};
    auto read = read_create_response(message_of(write_create_response(other_id, message_id, created)));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read.value().shell, created.shell);

    created.shell.reset();  // Old stacks.
    read = read_create_response(message_of(write_create_response(other_id, message_id, created)));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read.value().shell_id, shell_id);
    EXPECT_FALSE(read.value().shell);

    created.shell_id.clear();
    EXPECT_FALSE(read_create_response(message_of(write_create_response(other_id, message_id, created))).ok());
}

TEST(Command, ReadsARecordedRequestAndAnswer) {
    const auto run = read_command(data_message("windows/command_request"));
    ASSERT_TRUE(run.ok());
    EXPECT_EQ(run.value().command, "powershell.exe");
    EXPECT_EQ(run.value().arguments, std::vector<std::string>{"Write-Host こんにちは"});
    EXPECT_EQ(run.value().skip_cmd_shell, false);
    EXPECT_FALSE(run.value().console_mode_stdin);
    EXPECT_EQ(read_command_response(data_message("windows/command_response")).value(),
              "1B922CC0-CE49-4A7E-AC46-B01C472B49A9");
}

TEST(Command, GoesThereAndBack) {
    const RunCommand run{command_id, "  echo \"a\" > b & c  ", {"", "x y", "\t", "]]>"}, true, false};
    const auto read = read_command(message_of(write_command(settings(), message_id, shell_id, run)));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read.value().command_id, run.command_id);
    EXPECT_EQ(read.value().command, run.command);
    EXPECT_EQ(read.value().arguments, run.arguments);
    EXPECT_EQ(read.value().console_mode_stdin, true);
    EXPECT_EQ(read.value().skip_cmd_shell, false);
    EXPECT_EQ(
        read_command_response(message_of(write_command_response(other_id, message_id, command_id))).value(),
        command_id);
    EXPECT_FALSE(read_command_response(message_of(write_command_response(other_id, message_id, ""))).ok());
}

TEST(Command, TakesCharacterData) {
    const RequestHead head{action::command, resource::command_shell, message_id, {}, {}};
    const auto text = write_request(settings(), head, [](xml::Writer& out) {
        out.open("rsp:CommandLine").raw("<rsp:Command><![CDATA[dir & <b>]]></rsp:Command>").close();
    });
    EXPECT_EQ(read_command(message_of(text)).value().command, "dir & <b>");
    EXPECT_FALSE(read_command(message_of(write_request(settings(), head, [](xml::Writer& out) {
                     out.open("rsp:CommandLine").close();
                 }))).ok());
}

TEST(Receive, ReadsARecordedRequestAndAnswer) {
    const auto receive = read_receive(data_message("windows/receive_request"));
    ASSERT_TRUE(receive.ok());
    EXPECT_EQ(receive.value().command_id, command_id);
    EXPECT_EQ(receive.value().streams, "stdout stderr");
    EXPECT_TRUE(receive.value().keep_alive);

    const auto output = read_receive_response(data_message("windows/receive_response"));
    ASSERT_TRUE(output.ok());
    ASSERT_EQ(output.value().chunks.size(), 5U);
    EXPECT_EQ(output.value().chunks[0].bytes, "output 1");
    EXPECT_EQ(output.value().chunks[1].bytes, "\n");
    EXPECT_EQ(output.value().chunks[2].bytes, "output 2\n");
    EXPECT_EQ(output.value().chunks[4].stream, "stderr");
    EXPECT_TRUE(output.value().chunks[4].end);
    EXPECT_EQ(output.value().state, CommandState::done);
    EXPECT_EQ(output.value().exit_code, 0U);
    EXPECT_EQ(output.value().command_id, command_id);
}

TEST(Receive, GoesThereAndBack) {
    const ReceiveOutput receive{command_id, "stdout", true};
    const auto request = read_receive(message_of(write_receive(settings(), message_id, shell_id, receive)));
    ASSERT_TRUE(request.ok());
    EXPECT_EQ(request.value().command_id, command_id);
    EXPECT_EQ(request.value().streams, "stdout");
    EXPECT_TRUE(request.value().keep_alive);

    for (const auto state : {CommandState::pending, CommandState::running, CommandState::done}) {
        ReceivedOutput output;
        output.chunks = {{"stdout", command_id, std::string("\0\xFF\r\n", 4), false},
                         {"stderr", command_id, "", true}};
        output.state = state;
        if (state == CommandState::done) output.exit_code = 3;
        output.command_id = command_id;
        const auto read =
            read_receive_response(message_of(write_receive_response(other_id, message_id, output)));
        ASSERT_TRUE(read.ok());
        ASSERT_EQ(read.value().chunks.size(), 2U);
        EXPECT_EQ(read.value().chunks[0].bytes, output.chunks[0].bytes);
        EXPECT_FALSE(read.value().chunks[0].end);
        EXPECT_TRUE(read.value().chunks[1].end);
        EXPECT_EQ(read.value().state, state);
        EXPECT_EQ(read.value().exit_code, output.exit_code);
    }
}

// The answer to a Receive whose CommandState and streams are these.
Result<ReceivedOutput> received(std::string_view inside) {
    const auto action = std::string(action::receive) + "Response";
    return read_receive_response(
        message_of(write_response(action, other_id, message_id, [&](xml::Writer& out) {
            out.open("rsp:ReceiveResponse").raw(inside).close();
        })));
}

Result<ReceivedOutput> done_with(const std::string& exit_code) {
    return received("<rsp:CommandState State=\"" + std::string(command_state_prefix) +
                    "Done\"><rsp:ExitCode>" + exit_code + "</rsp:ExitCode></rsp:CommandState>");
}

TEST(Receive, KeepsThe32BitsOfAnExitCode) {
    EXPECT_EQ(done_with("3221225781").value().exit_code, 0xC0000135U);
    EXPECT_EQ(done_with("-1073741515").value().exit_code, 0xC0000135U);
    EXPECT_EQ(done_with("-1").value().exit_code, 0xFFFFFFFFU);
    EXPECT_EQ(done_with(" 4 ").value().exit_code, 4U);
    for (const char* text : {"", "x", "4294967296", "-2147483649", "1.0", "0x10"})
        EXPECT_FALSE(done_with(text).ok()) << text;
}

TEST(Receive, RefusesWhatItCannotRead) {
    EXPECT_TRUE(received("").ok());
    EXPECT_FALSE(received("<rsp:Stream Name=\"stdout\">?!?</rsp:Stream>").ok());
    EXPECT_FALSE(received("<rsp:Stream Name=\"stdout\">QQ=</rsp:Stream>").ok());
    EXPECT_FALSE(received("<rsp:Stream>QQ==</rsp:Stream>").ok());
    EXPECT_FALSE(received("<rsp:Stream Name=\"stdout\" End=\"soon\"/>").ok());
    EXPECT_FALSE(received("<rsp:CommandState State=\"Done\"/>").ok());
    EXPECT_FALSE(received("<rsp:CommandState/>").ok());
    const auto wrapped =
        received("<rsp:Stream Name=\"stdout\">\n QU\n JD\n</rsp:Stream>");  // WinRb wraps lines.
    ASSERT_TRUE(wrapped.ok());
    EXPECT_EQ(wrapped.value().chunks[0].bytes, "ABC");
}

TEST(Send, ReadsARecordedRequest) {
    const auto send = read_send(data_message("windows/send_request"));
    ASSERT_TRUE(send.ok());
    EXPECT_EQ(send.value().stream, "stdin");
    EXPECT_EQ(send.value().command_id, command_id);
    EXPECT_EQ(send.value().bytes, "Write-Host \"output 2\";");
    EXPECT_TRUE(send.value().end);
    EXPECT_TRUE(read_empty_response(data_message("windows/send_response"), action::send).ok());
}

TEST(Send, FillsAnEnvelopeToTheBrim) {
    for (const std::uint64_t size : {8'192U, 153'600U, 153'601U, 153'603U, 512'000U}) {
        auto limits = settings();
        limits.max_envelope_size = size;
        SendInput send{"stdin", command_id, std::string(send_capacity(limits, shell_id, command_id), 'x'),
                       true};
        const auto full = write_send(limits, message_id, shell_id, send);
        EXPECT_LE(full.size(), size);
        EXPECT_GT(full.size() + 24, size);
        EXPECT_EQ(read_send(message_of(full)).value().bytes, send.bytes);
        send.bytes += std::string(24, 'x');
        EXPECT_GT(write_send(limits, message_id, shell_id, send).size(), size);
    }
    auto tiny = settings();
    tiny.max_envelope_size = 100;
    EXPECT_EQ(send_capacity(tiny, shell_id, command_id), 0U);
}

TEST(Signal, ReadsRecordedAndOtherCodes) {
    const auto signal = read_signal(data_message("windows/signal_request"));
    ASSERT_TRUE(signal.ok());
    EXPECT_EQ(signal.value().code, SignalCode::ctrl_c);
    EXPECT_EQ(signal.value().command_id, command_id);

    const auto code_of = [](const std::string& uri) {
        const RequestHead head{action::signal, resource::command_shell, message_id, {}, {}};
        return read_signal(message_of(write_request(settings(), head, [&](xml::Writer& out) {
            out.open("rsp:Signal").element("rsp:Code", uri).close();
        })));
    };
    const std::string prefix(signal_prefix);
    EXPECT_EQ(code_of(prefix + "Terminate").value().code, SignalCode::terminate);
    EXPECT_EQ(code_of(prefix + "ctrl_break").value().code, SignalCode::ctrl_break);
    EXPECT_EQ(code_of("powershell/signal/crtl_c").value().code, SignalCode::ctrl_c);
    EXPECT_EQ(code_of("powershell/signal/ctrl_c").value().code, SignalCode::ctrl_c);
    EXPECT_EQ(code_of(prefix + "kill").error().wsman_code, code::invalid_parameter);
    EXPECT_FALSE(code_of("").ok());
}

TEST(Signal, GoesThereAndBack) {
    for (const auto code : {SignalCode::ctrl_c, SignalCode::ctrl_break, SignalCode::terminate}) {
        const auto read =
            read_signal(message_of(write_signal(settings(), message_id, shell_id, {command_id, code})));
        ASSERT_TRUE(read.ok());
        EXPECT_EQ(read.value().code, code);
        EXPECT_EQ(read.value().command_id, command_id);
    }
    EXPECT_TRUE(
        read_empty_response(message_of(write_signal_response(other_id, message_id)), action::signal).ok());
}

TEST(GetShell, ReadsARecordedAnswer) {
    const auto shell = read_get_shell_response(data_message("windows/get_shell_response"));
    ASSERT_TRUE(shell.ok());
    EXPECT_EQ(shell.value().state, "Connected");
    EXPECT_EQ(shell.value().max_idle_timeout, Duration(2'147'483'647));
    EXPECT_EQ(shell.value().process_id, "4384");
    const auto again =
        read_get_shell_response(message_of(write_get_shell_response(other_id, message_id, shell.value())));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again.value(), shell.value());
    const auto request = message_of(write_get_shell(settings(), message_id, shell_id));
    EXPECT_EQ(request.header.resource_uri, resource::shells);
    EXPECT_EQ(request.header.selector(shell_id_selector), shell_id);
}

// The body of the right answer under another action, under none, and under two.
TEST(Response, HasTheActionOfItsRequest) {
    ReceivedOutput done;
    done.state = CommandState::done;
    ShellCreated created;
    created.shell_id = shell_id;
    ShellInfo info;
    info.shell_id = shell_id;
    const auto reads = [](const auto& read, const std::string& text) { return read(message_of(text)).ok(); };
    const std::pair<std::string, std::function<bool(const std::string&)>> answers[] = {
        {write_create_response(other_id, message_id, created),
         [&](const std::string& text) { return reads(read_create_response, text); }},
        {write_command_response(other_id, message_id, command_id),
         [&](const std::string& text) { return reads(read_command_response, text); }},
        {write_receive_response(other_id, message_id, done),
         [&](const std::string& text) { return reads(read_receive_response, text); }},
        {write_get_shell_response(other_id, message_id, info),
         [&](const std::string& text) { return reads(read_get_shell_response, text); }},
        {write_delete_response(other_id, message_id),
         [&](const std::string& text) { return read_empty_response(message_of(text), action::remove).ok(); }},
    };
    for (const auto& [text, read] : answers) {
        EXPECT_TRUE(read(text)) << text;
        const auto begin = text.find("<a:Action");
        const auto end = text.find("</a:Action>");
        const auto value = text.find('>', begin) + 1;
        const auto with = [&, &whole = text](std::string_view other) {
            return whole.substr(0, value) + std::string(other) + whole.substr(end);
        };
        const auto own = text.substr(value, end - value);
        EXPECT_TRUE(read(with(own)));
        for (const std::string& other :
             {std::string(action::send) + "Response", own.substr(0, own.size() - 8), own + "s", std::string(),
              std::string(action::fault_wsman)})
            EXPECT_FALSE(read(with(other))) << other;
        const auto element = text.substr(begin, end + 11 - begin);
        EXPECT_FALSE(read(text.substr(0, begin) + text.substr(end + 11))) << "none";
        EXPECT_FALSE(read(text.substr(0, begin) + element + text.substr(begin))) << "two";
    }
}

TEST(EmptyResponse, IsThatOfTheRequest) {
    const auto deleted = data_message("windows/delete_response");
    EXPECT_TRUE(read_empty_response(deleted, action::remove).ok());
    EXPECT_EQ(read_empty_response(deleted, action::send).error().id, ErrorId::wsman_malformed);
    EXPECT_TRUE(
        read_empty_response(message_of(write_delete_response(other_id, message_id)), action::remove).ok());
    EXPECT_TRUE(
        read_empty_response(message_of(write_send_response(other_id, message_id)), action::send).ok());
    const auto request = message_of(write_delete(settings(), message_id, shell_id));
    EXPECT_EQ(request.header.action, action::remove);
    EXPECT_EQ(request.header.selector(shell_id_selector), shell_id);
}

TEST(Answers, ThatAreFaultsGiveTheFaultsError) {
    const auto gone = [] { return data_message("windows/fault_shell_gone"); };
    EXPECT_EQ(read_create_response(gone()).error().id, ErrorId::wsman_shell_gone);
    EXPECT_EQ(read_command_response(gone()).error().id, ErrorId::wsman_shell_gone);
    EXPECT_EQ(read_receive_response(gone()).error().id, ErrorId::wsman_shell_gone);
    EXPECT_EQ(read_get_shell_response(gone()).error().id, ErrorId::wsman_shell_gone);
    EXPECT_EQ(read_empty_response(gone(), action::remove).error().id, ErrorId::wsman_shell_gone);
}

}  // namespace
}  // namespace mullion::wsman
