// Tickets by a program of the operator's.
#pragma once

#include <memory>

#include "core/clock.h"
#include "core/result.h"
#include "kerberos/configuration.h"
#include "kerberos/tickets.h"
#include "net/task.h"
#include "net/threads_on_demand.h"
#include "tickets/source.h"

namespace mullion::tickets {

class KinitRunner {
public:
    // Runs source->kinit with the password on its standard input, and KRB5CCNAME in a directory of mode 0700
    // in memory (a tmpfs), which is gone before this ends; what it put there is the result. At the deadline
    // it is killed with its process group. It shows nobody the password: no argument, no variable, no file.
    // Errors: kerberos.kinit (not started, killed, failed: with what it said), kerberos.no_ticket
    [[nodiscard]] net::Task<Result<kerberos::TicketCache>> run(net::Executor executor,
                                                               kerberos::Configuration configuration,
                                                               std::shared_ptr<const Source> source,
                                                               MonotonicTime deadline);

private:
    // A program may hang, so each has a thread that nobody else waits for.
    net::ThreadsOnDemand threads_{16};
};

// Of programs that still run, for a process that ends at once and waits for no thread.
void remove_kinit_caches() noexcept;

// "-f -l '10 h'" → -f, -l, 10 h. Errors: kerberos.kinit (a quote is open)
[[nodiscard]] Result<std::vector<std::string>> shell_words(const std::string& text);

}  // namespace mullion::tickets
