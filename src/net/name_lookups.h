// Looking up names without holding up anybody else. The system's resolver blocks, for ten seconds and more
// when a name server does not answer: so it has threads of its own, apart from those that step security
// contexts; one look-up is in flight for a name, however many ask; and whoever asks waits no longer than its
// own deadline.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "net/address.h"
#include "net/task.h"
#include "net/threads_on_demand.h"

namespace mullion::net {

class NameLookups {
public:
    // So many names at a time may have no answer before others have to wait for their turn.
    explicit NameLookups(unsigned most_at_a_time = 128);
    ~NameLookups();

    // All stream addresses of a name, without a port, families taking turns in the system's order of
    // preference (RFC 6724, RFC 8305 4). Errors: net.name, net.descriptors
    [[nodiscard]] Task<Result<std::vector<SocketAddress>>> find(Executor executor, std::string name,
                                                                MonotonicTime deadline);

private:
    struct State;
    std::shared_ptr<State> state_;
    ThreadsOnDemand threads_;
};

// The same at once, for an address as text: nothing is asked. Errors: net.name
[[nodiscard]] Result<std::vector<SocketAddress>> read_address(const std::string& text);

}  // namespace mullion::net
