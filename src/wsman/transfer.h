// WS-Transfer's verbs and actions of a resource's own: Get, Put, Create, Delete, and what `winrm invoke` asks
// for, of resources that this room knows nothing of. DSP0226 7, [MS-WSMV] 3.1.4.1 - 3.1.4.4.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "wsman/envelope.h"

namespace mullion::wsman {

struct Transfer {
    std::string action;  // Of uris.h, or a resource's own.
    std::string resource_uri;
    std::vector<Selector> selectors = {};
    std::vector<Option> options = {};
    std::string fragment = {}, fragment_dialect = {};
    std::string body = {};  // XML of the one element in the body, which stands on its own; empty: none.
};
[[nodiscard]] std::string write_transfer(const RequestSettings&, std::string_view message_id,
                                         const Transfer&);
// Errors: wsman.malformed for one that names no action or resource.
[[nodiscard]] Result<Transfer> read_transfer(const Message&);

// `body` as in Transfer.
[[nodiscard]] std::string write_transfer_response(std::string_view message_id, std::string_view relates_to,
                                                  std::string_view request_action, std::string_view body);
// The XML of the element in the body; empty when there is none. Errors: the fault's, wsman.malformed
[[nodiscard]] Result<std::string> read_transfer_response(const Message&, std::string_view request_action);

}  // namespace mullion::wsman
