// Whose a shell is, what is checked before one is made, and each quota.
#include <gtest/gtest.h>

#include "service/tests/shells_fixture.h"

namespace mullion::service::testing {
namespace {

class ShellRefusals : public ShellsTest {};

TEST_F(ShellRefusals, AShellIsItsUsersAlone) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "secret");
    script().put("x");
    EXPECT_EQ(code_of(say(receive_body(shell, command), "mallory")), code::unexpected_selectors);
    EXPECT_EQ(code_of(say(delete_body(shell), "mallory")), code::unexpected_selectors);
    EXPECT_EQ(code_of(say(send_body(shell, command, "x"), "mallory")), code::unexpected_selectors);
    EXPECT_EQ(code_of(say(signal_body(shell, command, wsman::SignalCode::terminate), "mallory")),
              code::unexpected_selectors);
    EXPECT_EQ(code_of(say(wsman::write_get_shell(request, message_id(), shell), "mallory")),
              code::unexpected_selectors);
    EXPECT_EQ(say(wsman::write_get_shell(request, message_id(), shell)).status, 200);
    EXPECT_TRUE(script().signals.empty());
}

TEST_F(ShellRefusals, ClientsMayChooseIds) {
    wsman::CreateShell create;
    create.shell_id = "aaaaaaaa-0000-4000-8000-00000000000a";
    EXPECT_EQ(open_shell(create), guid);  // GUIDs have no case; Windows writes upper.
    EXPECT_EQ(code_of(say(create_body(create))), code::shell_id_conflict);
    EXPECT_EQ(code_of(say(create_body(create), "mallory")), code::shell_id_conflict);
    create.shell_id = "not a guid";
    EXPECT_EQ(code_of(say(create_body(create))), code::shell_id_not_guid);

    wsman::RunCommand what;
    what.command = "x";
    what.command_id = guid;
    EXPECT_EQ(say(command_body(guid, what)).status, 200);
    EXPECT_EQ(code_of(say(command_body(guid, what))), code::command_id_conflict);
    EXPECT_EQ(backend.scripts.size(), 1u) << "the same command ran twice";
    what.command_id = "{" + std::string(guid) + "}";
    EXPECT_EQ(code_of(say(command_body(guid, what))), code::command_id_not_guid);
}

TEST_F(ShellRefusals, CreateChecksWhatItIsAskedFor) {
    wsman::CreateShell create;
    create.code_page = 1252;
    EXPECT_EQ(code_of(say(create_body(create))), code::code_page_not_supported);
    create.code_page = 437;
    EXPECT_EQ(say(create_body(create)).status, 200);
    create.idle_timeout = Duration(59'999);
    EXPECT_EQ(code_of(say(create_body(create))), code::idle_timeout_out_of_range);
    create.idle_timeout = Duration(0x80000000ll);
    EXPECT_EQ(code_of(say(create_body(create))), code::idle_timeout_out_of_range);
    create.idle_timeout = Duration(60'000);
    EXPECT_EQ(say(create_body(create)).status, 200);
    create.output_streams = "stdout pr";
    EXPECT_EQ(code_of(say(create_body(create))), code::invalid_parameter);
    create.output_streams = "stdout";
}

TEST_F(ShellRefusals, AVariableThatIsRefusedIsNamed) {
    wsman::CreateShell create;
    const auto said = [&](std::string name, std::string value) {
        create.environment = {{"FINE", "x"}, {std::move(name), std::move(value)}};
        return fault_of(say(create_body(create)));
    };
    auto fault = said("A=B", "c");
    EXPECT_EQ(fault.code, code::invalid_parameter);
    EXPECT_EQ(fault.provider, "Shell cmd plugin");
    EXPECT_NE(fault.message.find(R"(variable "A=B")"), std::string::npos) << fault.message;
    EXPECT_EQ(said("", "c").code, code::invalid_parameter);

    create.environment = {{"LD_PRELOAD", "x"}};
    EXPECT_EQ(say(create_body(create)).status, 200) << "this backend takes any";
    backend.denied_variable = "LD_PRELOAD";
    fault = said("LD_PRELOAD", "s3cret");
    EXPECT_EQ(fault.code, 0x80070005u);
    EXPECT_EQ(fault.provider, "Shell cmd plugin");
    EXPECT_NE(fault.message.find(R"(Access is denied. (The environment variable "LD_PRELOAD")"),
              std::string::npos)
        << fault.message;
    EXPECT_EQ(fault.message.find("s3cret"), std::string::npos);
    backend.denied_variable = "LD_" + std::string(10'000, 'x');
    EXPECT_LT(said(backend.denied_variable, "x").message.size(), 400u) << "a name may be long";
}

TEST_F(ShellRefusals, QuotasSayTheirNumber) {
    change([](state::Settings& s) {
        s.max_shells_per_user = 2;
        s.max_concurrent_users = 2;
    });
    open_shell();
    open_shell();
    const auto fault = fault_of(say(create_body({})));
    EXPECT_EQ(fault.code, code::quota_shells);
    EXPECT_EQ(fault.subcode, "QuotaLimit");
    EXPECT_NE(fault.message.find("2"), std::string::npos) << fault.message;
    open_shell({}, "bob");
    EXPECT_EQ(code_of(say(create_body({}), "carol")), code::quota_shell_users);
    EXPECT_EQ(say(create_body({}), "bob").status, 200);
    change([](state::Settings& s) { s.max_shells_per_user = 0; });  // No limit.
    EXPECT_EQ(say(create_body({})).status, 200);
    change([](state::Settings& s) { s.allow_remote_shell_access = false; });
    EXPECT_EQ(code_of(say(create_body({}))), code::shells_not_allowed);
}

TEST_F(ShellRefusals, OutstandingOperationsAreCounted) {
    change([](state::Settings& s) { s.max_operations_per_user = 2; });
    const std::string shell = open_shell();
    const std::string command = run(shell, "silent");
    const std::string other = run(shell, "silent too");
    const auto one = begin(receive_body(shell, command));
    const auto two = begin(receive_body(shell, other));
    const auto fault = fault_of(say(receive_body(shell, command)));
    EXPECT_EQ(fault.code, code::quota_operations);
    EXPECT_EQ(fault.subcode, "InternalError");  // As recorded; not w:QuotaLimit.
    EXPECT_NE(fault.message.find("maximum number of 2 concurrent operations"), std::string::npos)
        << fault.message;
    EXPECT_EQ(say(delete_body(shell)).status, 200) << "whoever is over quota must be able to give up";
    EXPECT_EQ(code_of(finish(one)), code::aborted);
    EXPECT_EQ(code_of(finish(two)), code::aborted);
    EXPECT_EQ(say(create_body({})).status, 200);
}

TEST_F(ShellRefusals, ProcessesOfAShellAreCounted) {
    change([](state::Settings& s) { s.max_processes_per_shell = 1; });
    const std::string shell = open_shell();
    run(shell, "first");
    wsman::RunCommand what;
    what.command = "second";
    EXPECT_EQ(code_of(say(command_body(shell, what))), code::internal_error);
    script().end(0);
    settle();
    EXPECT_EQ(say(command_body(shell, what)).status, 200);
}

TEST_F(ShellRefusals, FaultsOfCommandsComeFromTheProvider) {
    const std::string shell = open_shell();
    wsman::RunCommand what;
    what.command = "relative/program";  // To what, without a WorkingDirectory?
    what.skip_cmd_shell = true;
    const auto missing = fault_of(say(command_body(shell, what)));
    EXPECT_EQ(missing.code, 2147942402u);
    EXPECT_EQ(missing.subcode, "InternalError");
    EXPECT_EQ(missing.provider, "Shell cmd plugin");

    what.skip_cmd_shell = false;
    what.command = std::string(140'000, 'x');
    EXPECT_EQ(code_of(say(command_body(shell, what))), code::command_too_long);
    EXPECT_TRUE(backend.scripts.empty());

    what.command = "x";
    backend.begin = [](Script&) { return StartFailure{ENOENT, "change directory"}; };
    EXPECT_EQ(code_of(say(command_body(shell, what))), 0x8007010Bu);
    backend.begin = [](Script&) { return StartFailure{EPERM, "allow user"}; };
    EXPECT_EQ(code_of(say(command_body(shell, what))), 0x80070005u);
}

TEST_F(ShellRefusals, WithoutTheShellTheProgramIsRunAsItIs) {
    const std::string shell = open_shell();
    wsman::RunCommand what;
    what.command = "sh";
    what.arguments = {"-c", "a b; c"};
    what.skip_cmd_shell = true;
    ASSERT_EQ(say(command_body(shell, what)).status, 200);
    const auto& argv = script().started.argv;
    ASSERT_EQ(argv.size(), 3u);
    EXPECT_EQ(argv[0], "sh") << "looked for by the user himself";
    EXPECT_EQ(argv[2], "a b; c");
}

TEST_F(ShellRefusals, UnknownIdsAreUnexpectedSelectors) {
    const std::string shell = open_shell();
    const auto no_shell = fault_of(say(receive_body(nobody_has_it, guid)));
    EXPECT_EQ(no_shell.code, code::unexpected_selectors);
    EXPECT_EQ(no_shell.detail, "UnexpectedSelectors");
    EXPECT_EQ(no_shell.provider, "Shell provider");
    EXPECT_EQ(no_shell.provider_code, code::unexpected_selectors);
    const auto no_command = fault_of(say(receive_body(shell, guid)));
    EXPECT_EQ(no_command.code, code::unexpected_selectors);
    EXPECT_NE(no_command.message.find("command identifier that does not exist"), std::string::npos);
    const auto no_streams =
        fault_of(say(receive_body(shell, "")));  // Recorded: the shell itself has no output.
    EXPECT_EQ(no_streams.code, code::invalid_parameter);
    EXPECT_EQ(no_streams.provider, "Shell cmd plugin");
}

}  // namespace
}  // namespace mullion::service::testing
