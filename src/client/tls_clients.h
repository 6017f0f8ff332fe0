// TLS settings shared by all hosts that have the same: a file of authorities is read once for a fleet, not
// once for each host.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/tls.h"

namespace mullion::client {

class TlsClients {
public:
    // The settings made before from the same rules, unless one of their files has changed since. From any
    // thread. Errors: tls.files
    [[nodiscard]] Result<std::shared_ptr<const net::TlsClient>> get(const net::TlsVerification& rules);

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
};

}  // namespace mullion::client
