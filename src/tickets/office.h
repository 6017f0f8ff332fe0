// The tickets of a process: many hosts, few principals. Thread-safe; each caller goes on where it was.
#pragma once

#include <memory>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "kerberos/configuration.h"
#include "kerberos/tickets.h"
#include "net/task.h"
#include "net/worker_pool.h"
#include "tickets/kdc_lookup.h"
#include "tickets/source.h"

namespace mullion::tickets {

struct Wanted {
    kerberos::Configuration configuration;
    std::shared_ptr<const Source> source;
    std::string service;  // "HTTP"
    std::string host;     // For the principal's name: --kerberos-hostname, or the target's host.
};

class Office {
public:
    // `query` asks DNS for SRV records.
    explicit Office(net::WorkerPool& workers, const Clock& clock = system_clock(),
                    SrvQuery query = query_srv);
    ~Office();

    // A ticket for SERVICE/host in a cache of its own, to be called on an I/O thread. Waits for an
    // acquisition that is in flight for the same client from the same source, and shares its failure; a
    // ticket-granting ticket serves until shortly before its end, and keeps its source with it. Service
    // tickets are not kept: each host has its own. Errors: those of kerberos; kerberos.no_kdc;
    // kerberos.silent (no KDC of the realm answered in time: named, with what was tried, and how long the
    // realm is left alone now); kerberos.kinit
    [[nodiscard]] net::Task<Result<kerberos::ServiceTicket>> get(Wanted wanted, MonotonicTime deadline);

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace mullion::tickets
