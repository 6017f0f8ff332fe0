// A place from which requests are seen, and their answers changed: the simulator's counts and faults are
// behind it. The service itself has none.
#pragma once

#include <functional>
#include <optional>

#include "channel/server_connection.h"
#include "net/task.h"
#include "wsman/envelope.h"
#include "wsman/fault.h"

namespace mullion::service {

class RequestHook {
public:
    // Does what is asked and gives its answer; with a fault, does nothing and gives that.
    using GoOn = std::function<net::Task<channel::Outgoing>(std::optional<wsman::Fault> instead)>;

    virtual ~RequestHook() = default;
    // Called for every request that could be read, on the connection's thread. The references live until the
    // answer is given.
    [[nodiscard]] virtual net::Task<channel::Outgoing> answer(const channel::Incoming& request,
                                                              const wsman::Message& message, GoOn go_on) = 0;
};

}  // namespace mullion::service
