// Who the KDCs of a realm are.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "kerberos/configuration.h"
#include "net/task.h"
#include "net/threads_on_demand.h"
#include "net/worker_pool.h"

namespace mullion::tickets {

// The DNS message that answers for an SRV name; nothing: there is none. Blocks.
using SrvQuery = std::function<std::optional<std::string>(const std::string& name)>;
[[nodiscard]] std::optional<std::string> query_srv(const std::string& name);

class KdcLookup {
public:
    explicit KdcLookup(net::WorkerPool& workers, SrvQuery query = query_srv);

    // Those that `configuration` and krb5.conf name, else DNS, in the order in which they are to be asked:
    // "host:port". A name server that does not answer is left to itself at the deadline. Errors:
    // kerberos.no_kdc, those of kerberos::kdcs_of
    [[nodiscard]] net::Task<Result<std::vector<std::string>>> find(net::Executor executor,
                                                                   kerberos::Configuration configuration,
                                                                   std::string realm, MonotonicTime deadline);

private:
    net::WorkerPool& workers_;
    SrvQuery query_;
    // The system's resolver cannot be cut short, so it has threads that nobody else waits for.
    net::ThreadsOnDemand threads_{32};
};

}  // namespace mullion::tickets
