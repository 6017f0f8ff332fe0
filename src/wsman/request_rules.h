// What a service checks in the headers of every request before it looks at the body.
// [MS-WSMV] 3.1.4.1.1 - 3.1.4.1.31, DSP0226 5 and 6.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "wsman/fault.h"

namespace mullion::wsman {

// DSP0226 5.4.6.2: URIs and ids up to 2,048 characters. A longer one is not said back in RelatesTo either.
inline constexpr std::size_t longest_message_id = 2048;

struct RequestRules {
    // Options that the request's action and resource know; an option with MustComply that is not among them
    // is refused. Names are compared without regard to case; "wmi:*" stands for all that begin so.
    std::span<const std::string_view> known_options = {};
    // Shells have no fragments. [MS-WSMV] 3.1.4.1.21
    bool fragment_transfer = false;
};

// The fault to answer with; nothing when the headers are in order. Not for Identify, which has no headers.
// A timeout above the service's own or an absent one is no fault: the service caps it. [MS-WSMV] 3.1.4.1.6
[[nodiscard]] std::optional<Fault> check_request_header(const Message&, const RequestRules& = {});

}  // namespace mullion::wsman
