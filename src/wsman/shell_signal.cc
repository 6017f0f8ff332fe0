// Signal and its answer. [MS-WSMV] 2.2.4.38, 3.1.4.12
#include "wsman/shell_parts.h"

namespace mullion::wsman {

namespace {

std::string_view name_of(SignalCode code) {
    switch (code) {
        case SignalCode::ctrl_c:
            return "ctrl_c";
        case SignalCode::ctrl_break:
            return "ctrl_break";
        case SignalCode::terminate:
            return "terminate";
    }
    return "terminate";
}

std::optional<SignalCode> code_of(std::string_view uri) {
    for (const auto prefix : {signal_prefix, powershell_signal_prefix}) {
        if (!uri.starts_with(prefix)) continue;
        const auto name = uri.substr(prefix.size());
        if (name == "ctrl_c" || name == "crtl_c") return SignalCode::ctrl_c;
        if (name == "ctrl_break") return SignalCode::ctrl_break;
        if (same_ignoring_case(name, "terminate")) return SignalCode::terminate;
    }
    return std::nullopt;
}

}  // namespace

std::string write_signal(const RequestSettings& settings, std::string_view message_id,
                         std::string_view shell_id, const SendSignal& signal) {
    const auto head = shell_head(action::signal, settings.shell_resource, message_id, shell_id);
    return write_request(settings, head, [&](xml::Writer& out) {
        out.open("rsp:Signal");
        if (!signal.command_id.empty()) out.attribute("CommandId", signal.command_id);
        out.element("rsp:Code", std::string(signal_prefix).append(name_of(signal.code))).close();
    });
}

Result<SendSignal> read_signal(const Message& message) {
    MULLION_ASSIGN(const auto body, request_body(message, ns::shell, "Signal"));
    const auto uri = body.first(ns::shell, "Code").trimmed();
    const auto code = code_of(uri);
    if (!code) return bad_request(code::invalid_parameter, "the signal is unknown: " + uri);
    return SendSignal{body.attribute("", "CommandId").value_or(""), *code};
}

std::string write_signal_response(std::string_view message_id, std::string_view relates_to) {
    const auto action = std::string(action::signal) + "Response";
    return write_response(action, message_id, relates_to,
                          [](xml::Writer& out) { out.open("rsp:SignalResponse").close(); });
}

}  // namespace mullion::wsman
