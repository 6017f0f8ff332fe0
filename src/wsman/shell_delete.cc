// Delete, Get, and the answers that carry nothing. [MS-WSMV] 3.1.4.3, 3.1.4.4
#include "wsman/shell_parts.h"

namespace mullion::wsman {

namespace {

void no_body(xml::Writer&) {}

}  // namespace

std::string write_delete(const RequestSettings& settings, std::string_view message_id,
                         std::string_view shell_id) {
    const auto head = shell_head(action::remove, settings.shell_resource, message_id, shell_id);
    return write_request(settings, head, no_body);
}

std::string write_delete_response(std::string_view message_id, std::string_view relates_to) {
    return write_response(std::string(action::remove) + "Response", message_id, relates_to, no_body);
}

std::string write_get_shell(const RequestSettings& settings, std::string_view message_id,
                            std::string_view shell_id) {
    const auto head = shell_head(action::get, resource::shells, message_id, shell_id);
    return write_request(settings, head, no_body);
}

std::string write_get_shell_response(std::string_view message_id, std::string_view relates_to,
                                     const ShellInfo& shell) {
    return write_response(std::string(action::get) + "Response", message_id, relates_to,
                          [&](xml::Writer& out) { write_shell_info(out, shell); });
}

Result<ShellInfo> read_get_shell_response(const Message& message) {
    MULLION_ASSIGN(const auto body, response_body(message, action::get, ns::shell, "Shell"));
    return read_shell_info(body);
}

Result<void> read_empty_response(const Message& message, std::string_view request_action) {
    return check_response(message, request_action);
}

}  // namespace mullion::wsman
