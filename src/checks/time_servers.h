// Asks time servers for a check, beside the host that it is about.
#pragma once

#include <functional>

#include "checks/ask.h"
#include "client/client.h"
#include "core/clock.h"
#include "core/ids.h"

namespace mullion::checks {

class TimeServers {
public:
    virtual ~TimeServers() = default;
    // `done` is called on an I/O thread. Errors: net.name, net.refused, net.timeout, net.unreachable,
    // net.descriptors; usage.invalid for a server whose answer is no time.
    virtual void ask(const TimeServer& server, Duration at_most,
                     std::function<void(Result<ServerTime>)> done) = 0;
};

// By SNTP over UDP. All that is given outlives it, and what is asked.
class SntpServers final : public TimeServers {
public:
    SntpServers(client::Runtime& runtime, Random& random, const Clock& clock)
        : runtime_(runtime), random_(random), clock_(clock) {}
    void ask(const TimeServer& server, Duration at_most,
             std::function<void(Result<ServerTime>)> done) override;

private:
    client::Runtime& runtime_;
    Random& random_;
    const Clock& clock_;
};

}  // namespace mullion::checks
