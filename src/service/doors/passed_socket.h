// A listening socket that was bound by somebody else, and passed on: systemd's, which keeps it over restarts.
#pragma once

#include <cstdint>
#include <string>

namespace mullion::service {

struct PassedSocket {
    bool https = false;
    int descriptor = -1;
    std::string address;  // That it is bound to; "*", "0.0.0.0" or "::" for all.
    std::uint16_t port = 0;
};

}  // namespace mullion::service
