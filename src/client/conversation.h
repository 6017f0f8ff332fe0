// Several messages as one conversation of a session, where exchange.h's single one is not enough: it has the
// host's connections to itself, is ended by Session::interrupt(), and may tidy up behind its result.
#pragma once

#include "client/host.h"

namespace mullion::client {

class Conversation {
public:
    virtual ~Conversation() = default;
    // Keeps its result itself. What it throws is internal.failure of the exchange.
    [[nodiscard]] virtual net::Task<void> converse(Host& host, Alarm& stop) = 0;
    // After the result was told; nothing interrupts it, so it bounds itself.
    [[nodiscard]] virtual net::Task<void> tidy(Host& host) = 0;
};

}  // namespace mullion::client
