// Receive and its answer. [MS-WSMV] 2.2.4.27, 2.2.4.28, 3.1.4.14
#include "encoding/base64.h"
#include "wsman/shell_parts.h"

namespace mullion::wsman {

namespace {

std::string_view name_of(CommandState state) {
    switch (state) {
        case CommandState::pending:
            return "Pending";
        case CommandState::running:
            return "Running";
        case CommandState::done:
            return "Done";
    }
    return "Done";
}

std::optional<CommandState> state_of(std::string_view uri) {
    if (!uri.starts_with(command_state_prefix)) return std::nullopt;
    uri.remove_prefix(command_state_prefix.size());
    if (uri == "Pending") return CommandState::pending;
    if (uri == "Running") return CommandState::running;
    if (uri == "Done") return CommandState::done;
    return std::nullopt;
}

// Hosts write the code as signed or unsigned: -1073741515 and 3221225781 are the same 32 bits.
std::optional<std::uint32_t> exit_code_of(std::string_view text) {
    if (const auto number = parse_number<std::uint32_t>(text)) return number;
    if (const auto number = parse_number<std::int32_t>(text)) return static_cast<std::uint32_t>(*number);
    return std::nullopt;
}

Result<StreamChunk> read_chunk(const xml::Element& stream) {
    StreamChunk chunk;
    chunk.stream = stream.attribute("", "Name").value_or("");
    if (chunk.stream.empty()) return malformed("a Stream has no Name");
    chunk.command_id = stream.attribute("", "CommandId").value_or("");
    const auto end = parse_boolean(stream.attribute("", "End").value_or("false"));
    if (!end) return malformed("End of a Stream is neither true nor false");
    chunk.end = *end;
    auto bytes = base64_of(stream);
    if (!bytes) return malformed("Stream " + chunk.stream + " is not base64");
    chunk.bytes = std::move(*bytes);
    return chunk;
}

Result<void> read_state(const xml::Element& element, ReceivedOutput& output) {
    const auto uri = element.attribute("", "State").value_or("");
    const auto state = state_of(uri);
    if (!state) return malformed("the command's state is unknown: " + uri);
    output.state = *state;
    output.command_id = element.attribute("", "CommandId").value_or("");
    if (output.state != CommandState::done) return {};
    const auto text = element.first(ns::shell, "ExitCode").trimmed();
    output.exit_code = exit_code_of(text);
    if (!output.exit_code) return malformed("the command is done and its exit code is not a number: " + text);
    return {};
}

}  // namespace

std::string write_receive(const RequestSettings& settings, std::string_view message_id,
                          std::string_view shell_id, const ReceiveOutput& receive) {
    std::vector<Option> options;
    if (receive.keep_alive) options.push_back(boolean_option(option::keep_alive, true));
    const auto head =
        shell_head(action::receive, settings.shell_resource, message_id, shell_id, std::move(options));
    return write_request(settings, head, [&](xml::Writer& out) {
        out.open("rsp:Receive").open("rsp:DesiredStream");
        if (!receive.command_id.empty()) out.attribute("CommandId", receive.command_id);
        out.text(receive.streams).close().close();
    });
}

Result<ReceiveOutput> read_receive(const Message& message) {
    MULLION_ASSIGN(const auto body, request_body(message, ns::shell, "Receive"));
    const auto desired = body.first(ns::shell, "DesiredStream");
    if (!desired) return bad_request("Receive has no DesiredStream");
    ReceiveOutput receive;
    receive.command_id = desired.attribute("", "CommandId").value_or("");
    receive.streams = desired.trimmed();
    MULLION_ASSIGN(const auto keep_alive, boolean_option(message.header, option::keep_alive));
    receive.keep_alive = keep_alive.value_or(false);
    return receive;
}

std::string write_receive_response(std::string_view message_id, std::string_view relates_to,
                                   const ReceivedOutput& output) {
    const auto action = std::string(action::receive) + "Response";
    return write_response(action, message_id, relates_to, [&](xml::Writer& out) {
        out.open("rsp:ReceiveResponse");
        for (const auto& chunk : output.chunks) {
            out.open("rsp:Stream").attribute("Name", chunk.stream);
            if (!chunk.command_id.empty()) out.attribute("CommandId", chunk.command_id);
            if (chunk.end) out.attribute("End", "true");
            out.plain(encoding::base64_encode(chunk.bytes)).close();
        }
        out.open("rsp:CommandState");
        if (!output.command_id.empty()) out.attribute("CommandId", output.command_id);
        out.attribute("State", std::string(command_state_prefix).append(name_of(output.state)));
        if (output.state == CommandState::done)
            out.element("rsp:ExitCode", std::to_string(output.exit_code.value_or(0)));
        out.close().close();
    });
}

Result<ReceivedOutput> read_receive_response(const Message& message) {
    MULLION_ASSIGN(const auto body, response_body(message, action::receive, ns::shell, "ReceiveResponse"));
    ReceivedOutput output;
    for (const auto& stream : body.children(ns::shell, "Stream")) {
        MULLION_ASSIGN(auto chunk, read_chunk(stream));
        output.chunks.push_back(std::move(chunk));
    }
    if (const auto state = body.first(ns::shell, "CommandState")) MULLION_TRY(read_state(state, output));
    return output;
}

}  // namespace mullion::wsman
