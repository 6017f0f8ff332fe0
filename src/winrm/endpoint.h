// Where -r: points to: [http|https://]HOST[:PORT][/PREFIX].
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace mullion::winrm {

struct Endpoint {
    bool https = false;
    std::string host;  // Without brackets.
    std::uint16_t port = 0;
    std::string prefix = "wsman";  // Of the path, without slashes around it.
};

// The port where none is written: 80 or 443 with a transport, else 5985, and 5986 with -usessl. `ssl` beside
// http:// is refused. Errors: usage.invalid; text that holds a '@' may hold a password and is not repeated.
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view text, bool ssl);

}  // namespace mullion::winrm
