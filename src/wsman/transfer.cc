#include "wsman/transfer.h"

#include "wsman/fault.h"
#include "wsman/values.h"

namespace mullion::wsman {

std::string write_transfer(const RequestSettings& settings, std::string_view message_id,
                           const Transfer& transfer) {
    const RequestHead head{transfer.action,          transfer.resource_uri, std::string(message_id),
                           transfer.selectors,       transfer.options,      transfer.fragment,
                           transfer.fragment_dialect};
    return write_request(settings, head, [&](xml::Writer& out) { out.raw(transfer.body); });
}

Result<Transfer> read_transfer(const Message& message) {
    const auto& header = message.header;
    if (header.action.empty()) return bad_request(code::header_required, "the request names no action");
    if (header.resource_uri.empty())
        return bad_request(code::header_required, "the request names no resource");
    Transfer transfer{header.action,  header.resource_uri, header.selectors,
                      header.options, header.fragment,     header.fragment_dialect};
    if (message.body) transfer.body = message.body.to_xml();
    return transfer;
}

std::string write_transfer_response(std::string_view message_id, std::string_view relates_to,
                                    std::string_view request_action, std::string_view body) {
    const auto action = std::string(request_action).append(action::response_suffix);
    return write_response(action, message_id, relates_to, [&](xml::Writer& out) { out.raw(body); });
}

Result<std::string> read_transfer_response(const Message& message, std::string_view request_action) {
    MULLION_TRY(check_response(message, request_action));
    return message.body ? message.body.to_xml() : std::string();
}

}  // namespace mullion::wsman
