// Who asks, until when, and under which settings (those the request began with).
#pragma once

#include <memory>
#include <string>

#include "auth/mechanism.h"
#include "channel/departure.h"
#include "core/clock.h"
#include "rights/sid.h"
#include "state/settings.h"

namespace mullion::service {

struct Visit {
    std::string user;
    rights::Sid account;  // Whose name that is: names are used again, numbers never.
    std::string unix_user;
    std::string client_ip;
    std::shared_ptr<const auth::Delegated> delegated;  // What the connection was handed; null mostly.
    MonotonicTime deadline{};
    std::shared_ptr<channel::Departure> departure;  // Null: nobody looks whether he is still there.
    [[nodiscard]] bool gone() const { return departure && departure->happened(); }
    // What the answer's envelope has for its content, as it stands there: bytes of UTF-8, or units of UTF-16.
    std::size_t room = 0;
    bool utf16 = false;  // The charset of request and answer.
    std::shared_ptr<const state::Settings> settings;
    // Not over the network: this machine's own administrator at run/admin.sock.
    bool local_session = false;
};

}  // namespace mullion::service
