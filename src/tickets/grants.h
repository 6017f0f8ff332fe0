// The ticket-granting tickets of a process: one is made at a time for a client and its source, and serves all
// who want it. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"
#include "kerberos/configuration.h"
#include "kerberos/tickets.h"
#include "net/task.h"
#include "tickets/outcome.h"
#include "tickets/source.h"

namespace mullion::tickets {

// As Source::cache, with a keytab or a password: the ticket is kept nowhere, and each log-on gets one of its
// own.
inline constexpr std::string_view no_cache = "NONE:";

struct Granted {
    std::shared_ptr<const kerberos::TicketCache> cache;
    MonotonicTime until;  // Then it is to be made anew.
};

// Makes one. Runs in the coroutine of one that wants it, until that one's deadline; where that ends before it
// is done, another that waits begins again.
using MakeGrant = std::function<net::Task<Result<Granted>>()>;

class Grants {
public:
    // So long a password that the KDC refused is not shown to it again: of a thousand hosts each would, and a
    // few of such attempts lock the account.
    static constexpr Duration refused_for{std::chrono::minutes(10)};

    explicit Grants(const Clock& clock) : clock_(clock) {}

    // A failure is told to all who wait at that moment; only kerberos.rejected is kept, for a while. Errors:
    // those of `make`; kerberos.silent (somebody else's attempt took longer than the deadline)
    [[nodiscard]] static net::Task<Result<std::shared_ptr<const kerberos::TicketCache>>> get(
        std::shared_ptr<Grants> grants, net::Executor executor, kerberos::Configuration configuration,
        std::shared_ptr<const Source> source, MakeGrant make, MonotonicTime deadline);

private:
    // Nothing: who was at it has gone, and one of those that wait goes on.
    using Told = std::optional<Result<Granted>>;
    struct Grant {
        kerberos::Configuration configuration;
        std::shared_ptr<const Source> source;
        std::optional<Granted> made;
        std::shared_ptr<Outcome<Told>> in_flight;
        std::optional<Error> refused;
        MonotonicTime refused_until{};
        bool proven =
            false;  // The KDC has taken what proves the client; of a source that is asked each time.
    };
    // Tells those that wait, also when a coroutine ends with its io_context instead of being resumed.
    class Lead;

    // What is there, who makes it, or that it is ours to make.
    struct Turn {
        std::optional<Granted> made;
        std::optional<Error> refused;
        std::shared_ptr<Outcome<Told>> outcome;  // Null: nobody waits for ours.
        std::shared_ptr<Grant> grant;
        bool ours = false;
    };
    [[nodiscard]] Turn take_turn(const kerberos::Configuration& configuration,
                                 const std::shared_ptr<const Source>& source);
    void finish(Grant& grant, Outcome<Told>* outcome, const Told& told);

    const Clock& clock_;
    std::mutex mutex_;
    std::multimap<std::string, std::shared_ptr<Grant>> grants_;  // By client, as it was written.
};

}  // namespace mullion::tickets
