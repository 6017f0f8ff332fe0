// Command and its answer. [MS-WSMV] 2.2.4.8, 3.1.4.11
#include "wsman/shell_parts.h"

namespace mullion::wsman {

std::string write_command(const RequestSettings& settings, std::string_view message_id,
                          std::string_view shell_id, const RunCommand& run) {
    std::vector<Option> options;
    if (run.console_mode_stdin)
        options.push_back(boolean_option(option::console_mode_stdin, *run.console_mode_stdin));
    if (run.skip_cmd_shell) options.push_back(boolean_option(option::skip_cmd_shell, *run.skip_cmd_shell));
    const auto head =
        shell_head(action::command, settings.shell_resource, message_id, shell_id, std::move(options));
    return write_request(settings, head, [&](xml::Writer& out) {
        out.open("rsp:CommandLine");
        if (!run.command_id.empty()) out.attribute("CommandId", run.command_id);
        out.element("rsp:Command", run.command);
        for (const auto& argument : run.arguments) out.element("rsp:Arguments", argument);
        out.close();
    });
}

Result<RunCommand> read_command(const Message& message) {
    MULLION_ASSIGN(const auto line, request_body(message, ns::shell, "CommandLine"));
    const auto command = line.first(ns::shell, "Command");
    if (!command) return bad_request("CommandLine has no Command");
    RunCommand run;
    run.command_id = line.attribute("", "CommandId").value_or("");
    run.command = command.text();
    for (const auto& argument : line.children(ns::shell, "Arguments"))
        run.arguments.push_back(argument.text());
    MULLION_ASSIGN(run.console_mode_stdin, boolean_option(message.header, option::console_mode_stdin));
    MULLION_ASSIGN(run.skip_cmd_shell, boolean_option(message.header, option::skip_cmd_shell));
    return run;
}

std::string write_command_response(std::string_view message_id, std::string_view relates_to,
                                   std::string_view command_id) {
    const auto action = std::string(action::command) + "Response";
    return write_response(action, message_id, relates_to, [&](xml::Writer& out) {
        out.open("rsp:CommandResponse").element("rsp:CommandId", command_id).close();
    });
}

Result<std::string> read_command_response(const Message& message) {
    MULLION_ASSIGN(const auto body, response_body(message, action::command, ns::shell, "CommandResponse"));
    auto command_id = body.first(ns::shell, "CommandId").trimmed();
    if (command_id.empty()) return malformed("the answer to Command names no command");
    if (command_id.size() > longest_id)
        return malformed("the answer to Command names a command at too great length");
    return command_id;
}

}  // namespace mullion::wsman
