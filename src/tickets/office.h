// The tickets of a process: many hosts, few principals. Thread-safe; each caller goes on where it was.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "core/secret.h"
#include "kerberos/configuration.h"
#include "kerberos/tickets.h"
#include "net/task.h"
#include "net/worker_pool.h"

namespace mullion::tickets {

// Where the ticket-granting ticket comes from; the first that is given counts.
struct Source {
    std::string client;  // "alice", "alice@REALM"
    std::string keytab;
    Secret password;
    std::string cache;  // An existing one, with neither of them (kinit_mode manual); empty: the default one.
};

struct Wanted {
    kerberos::Configuration configuration;
    std::shared_ptr<const Source> source;
    std::string service;  // "HTTP"
    std::string host;     // For the principal's name: --kerberos-hostname, or the target's host.
};

class Office {
public:
    explicit Office(net::WorkerPool& workers, const Clock& clock = system_clock());
    ~Office();

    // A ticket for SERVICE/host in a cache of its own. Waits for an acquisition that is in flight for the
    // same client; a ticket-granting ticket serves until shortly before its end. Errors: those of kerberos;
    // kerberos.silent (no KDC of the realm answered in time: named, with what was tried, and how long the
    // realm is left alone now); net.name
    [[nodiscard]] net::Task<Result<kerberos::ServiceTicket>> get(Wanted wanted, MonotonicTime deadline);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace mullion::tickets
