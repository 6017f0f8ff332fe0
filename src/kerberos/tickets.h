// Tickets in memory. A cache has one holder and no name that another could find; nothing is on disk, and the
// default cache is neither read nor written unless it is asked for by name.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "kerberos/configuration.h"

namespace mullion::kerberos {

struct TicketInfo {
    std::string client, server;  // "alice@EXAMPLE.TEST", "krbtgt/EXAMPLE.TEST@EXAMPLE.TEST"
    std::chrono::system_clock::time_point begins, ends, renewable_until;
    std::string flags;  // As klist shows them: "FRIA".
    std::string encryption;
};

// Move-only. Used by one thread at a time.
class TicketCache {
public:
    struct State;
    explicit TicketCache(std::unique_ptr<State> state);
    TicketCache(TicketCache&&) noexcept;
    TicketCache& operator=(TicketCache&&) noexcept;
    ~TicketCache();  // Destroys the tickets.

    // A new cache with the same tickets. Errors: kerberos.failed
    [[nodiscard]] Result<TicketCache> clone() const;
    // "MEMORY:…", for GSSAPI alone.
    [[nodiscard]] const std::string& name() const;
    [[nodiscard]] const std::string& client() const;
    [[nodiscard]] Result<std::vector<TicketInfo>> list() const;
    [[nodiscard]] State& state() const { return *state_; }

private:
    std::unique_ptr<State> state_;
};

// A copy of a cache that exists: "FILE:/tmp/krb5cc_0", "KEYRING:…", "KCM:…", a path; empty: the default one,
// or that of its collection which is `client`'s ("alice", "alice@REALM"; empty: whoever's). May block.
// Errors: kerberos.no_ticket (absent, empty, expired, another client's; says which)
[[nodiscard]] Result<TicketCache> import_tickets(const Configuration& configuration, const std::string& cache,
                                                 const std::string& client);

// What `mullion ticket` shows: the cache with its full name, read in place and left as it is; also one whose
// tickets have expired. Errors: kerberos.no_ticket
struct CacheInfo {
    std::string name, client;
    std::vector<TicketInfo> tickets;
};
[[nodiscard]] Result<CacheInfo> look_at(const std::string& cache);
// Errors: kerberos.no_ticket (there is none), kerberos.failed
[[nodiscard]] Result<CacheInfo> destroy_tickets(const std::string& cache);

// What a log-on to one host needs, whole: no KDC is asked any more.
struct ServiceTicket {
    TicketCache cache;
    std::string principal;  // That the ticket is for: "HTTP/web01.example.test@EXAMPLE.TEST".
};

}  // namespace mullion::kerberos
