// Send and its answer. [MS-WSMV] 2.2.4.36, 3.1.4.13
#include "core/secret.h"
#include "encoding/base64.h"
#include "wsman/shell_parts.h"

namespace mullion::wsman {

namespace {

constexpr std::size_t guid_message_id = 41;  // "uuid:" and a GUID.

}  // namespace

std::string write_send(const RequestSettings& settings, std::string_view message_id,
                       std::string_view shell_id, const SendInput& send) {
    const auto head = shell_head(action::send, settings.shell_resource, message_id, shell_id);
    return write_request(settings, head, [&](xml::Writer& out) {
        out.open("rsp:Send").open("rsp:Stream").attribute("Name", send.stream);
        if (!send.command_id.empty()) out.attribute("CommandId", send.command_id);
        if (send.end) out.attribute("End", "true");
        auto encoded = encoding::base64_encode(send.bytes);
        out.plain(encoded).close().close();
        wipe(encoded);
    });
}

Result<SendInput> read_send(const Message& message) {
    MULLION_ASSIGN(const auto body, request_body(message, ns::shell, "Send"));
    const auto stream = body.first(ns::shell, "Stream");
    if (!stream) return bad_request("Send has no Stream");
    SendInput send;
    send.stream = stream.attribute("", "Name").value_or("");
    send.command_id = stream.attribute("", "CommandId").value_or("");
    const auto end = parse_boolean(stream.attribute("", "End").value_or("false"));
    if (!end) return bad_request("End of the Stream is neither true nor false");
    send.end = *end;
    auto bytes = base64_of(stream);
    if (!bytes) return bad_request("the Stream is not base64");
    send.bytes = std::move(*bytes);
    return send;
}

std::string write_send_response(std::string_view message_id, std::string_view relates_to) {
    const auto action = std::string(action::send) + "Response";
    return write_response(action, message_id, relates_to,
                          [](xml::Writer& out) { out.open("rsp:SendResponse").close(); });
}

std::size_t send_capacity(const RequestSettings& settings, std::string_view shell_id,
                          std::string_view command_id) {
    SendInput empty;
    empty.command_id = command_id;
    empty.end = true;
    const std::string message_id(guid_message_id, 'x');
    const auto around = write_send(settings, message_id, shell_id, empty).size();
    if (around >= settings.max_envelope_size) return 0;
    // An empty Stream may be one tag where a full one has two.
    const auto room = settings.max_envelope_size - around;
    constexpr std::size_t closing_tag = std::string_view("</rsp:Stream>").size();
    return room <= closing_tag ? 0 : (room - closing_tag) / 4 * 3;
}

}  // namespace mullion::wsman
