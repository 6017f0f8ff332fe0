// TLS settings shared by all hosts that have the same: a file of authorities is read once for a fleet, not
// once for each host.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/tls.h"
#include "os/file.h"

namespace mullion::client {

class TlsClients {
public:
    TlsClients();

    // The settings made before from the same rules, unless one of their files has changed since. From any
    // thread that may block. Errors: tls.files, net.descriptors, run.interrupted (stop_waiting)
    [[nodiscard]] Result<std::shared_ptr<const net::TlsClient>> get(const net::TlsVerification& rules);
    // A pipe with a name that nobody writes into is given up.
    void stop_waiting();

private:
    // Which state of its files an entry was made from.
    using Stamps = std::vector<std::int64_t>;
    struct Entry {
        net::TlsVerification rules;
        Stamps stamps;
        std::shared_ptr<const net::TlsClient> client;
    };
    [[nodiscard]] static Stamps stamps_of(const net::TlsVerification& rules);

    std::mutex mutex_;
    std::vector<Entry> entries_;  // The last used one at the end.
    os::UniqueFd stopped_;        // Readable from then on.
};

}  // namespace mullion::client
