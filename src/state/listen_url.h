// --listen URL and the addresses of listeners.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "state/settings.h"

namespace mullion::state {

// "http://127.0.0.1:0", "https://*:5986", "http://[::1]", "https://*?ClientCertNegotiation=true". Errors:
// config.invalid
[[nodiscard]] Result<ListenerSettings> parse_listen_url(std::string_view url);

// "*", "IP:10.0.0.1", "10.0.0.1", "::1", "[::1]" as a plain address, "MAC:00-11-22-aa-bb-cc" as it is;
// nothing for everything else.
[[nodiscard]] std::optional<std::string> parse_listener_address(std::string_view text);

// The way back, as the wire has it: "*", "IP:10.0.0.1", "MAC:00-11-22-aa-bb-cc".
[[nodiscard]] std::string listener_address_text(std::string_view address);

// 0..65535, digits only.
[[nodiscard]] std::optional<std::uint16_t> parse_port(std::string_view text);

// How clients reach it: "http://127.0.0.1:5985/wsman", "http://[::1]:5985/wsman".
[[nodiscard]] std::string listener_url(bool https, std::string_view address, std::uint16_t port,
                                       std::string_view prefix = "wsman");

}  // namespace mullion::state
