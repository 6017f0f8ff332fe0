// The conversation of a visit to winrm/config: reads, plans, changes.
#pragma once

#include "client/config.h"
#include "client/host.h"

namespace mullion::client {

// What a visit needs to know of its session.
struct ConfigWay {
    bool https = false;
    std::uint16_t port = 0;
    ConfigRoute route = {};  // What is known of it before anybody has logged on.
    Duration patience{0};    // How long one answer may take.
};

[[nodiscard]] net::Task<ConfigOutcome> visit_config(Host& host, const ConfigVisit& visit, ConfigWay way,
                                                    Alarm& stop);

}  // namespace mullion::client
