#include "tickets/office.h"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "kerberos/acquisition.h"
#include "tickets/grants.h"
#include "tickets/kinit.h"
#include "tickets/realms.h"

namespace mullion::tickets {
namespace {

using kerberos::Acquisition;
using kerberos::Configuration;
using kerberos::TicketCache;
using net::Task;

using SharedCache = std::shared_ptr<const TicketCache>;

// One thing to do on a worker, and what it came to: a question for a KDC, or the tickets.
struct Progress {
    std::shared_ptr<Acquisition> acquisition;
    std::optional<kerberos::KdcRequest> question;
    std::optional<TicketCache> tickets;
};

Result<Progress> go_on(std::shared_ptr<Acquisition> acquisition, const std::string& answer) {
    Progress progress;
    MULLION_ASSIGN(progress.question, acquisition->step(answer));
    if (!progress.question) {
        MULLION_ASSIGN(progress.tickets, acquisition->take());
    }
    progress.acquisition = std::move(acquisition);
    return progress;
}

Result<Progress> begin_initial(const Configuration& configuration, const Source& source) {
    if (!source.keytab.empty()) {
        MULLION_ASSIGN(auto by_keytab, kerberos::with_keytab(configuration, source.client, source.keytab));
        return go_on(std::move(by_keytab), "");
    }
    MULLION_ASSIGN(auto by_password, kerberos::with_password(configuration, source.client, source.password));
    return go_on(std::move(by_password), "");
}

Result<Progress> begin_service(const Configuration& configuration, const TicketCache& granting,
                               const Wanted& wanted) {
    MULLION_ASSIGN(auto acquisition,
                   kerberos::for_service(configuration, granting, wanted.service, wanted.host));
    return go_on(std::move(acquisition), "");
}

// The realm of a client is said once it is known: --kdc alone means that realm's KDCs.
Configuration with_realm_of(Configuration configuration, const std::string& client) {
    if (const auto at = client.rfind('@'); configuration.realm.empty() && at != std::string::npos)
        configuration.realm = client.substr(at + 1);
    return configuration;
}

Result<Configuration> settled(const Wanted& wanted) {
    auto configuration = wanted.configuration;
    MULLION_ASSIGN(configuration.realm, kerberos::realm_of(configuration, wanted.source->client));
    return configuration;
}

// How long the ticket-granting ticket serves. A KDC's clock is not ours: a fresh one's life counts from now.
MonotonicTime end_of(const TicketCache& cache, bool fresh, const Clock& clock) {
    using Life = std::chrono::system_clock::duration;
    Life life = Life::zero();
    const auto tickets = cache.list();
    if (tickets) {
        for (const auto& ticket : *tickets) {
            const Life one = ticket.ends - (fresh ? ticket.begins : clock.wall());
            if (ticket.server.starts_with("krbtgt/") || tickets->size() == 1) life = std::max(life, one);
        }
    }
    return clock.now() + life - std::min<Life>(std::chrono::minutes(5), life / 10);
}

}  // namespace

struct Office::State {
    State(net::WorkerPool& pool, const Clock& given, SrvQuery query)
        : workers(pool),
          clock(given),
          realms(pool, given, std::move(query)),
          grants(std::make_shared<Grants>(given)) {}

    net::WorkerPool& workers;
    const Clock& clock;
    Realms realms;
    KinitRunner programs;
    std::shared_ptr<Grants> grants;
};

namespace {

template <class State>
Task<Result<Progress>> finish(std::shared_ptr<State> state, net::Executor executor,
                              Configuration configuration, Result<Progress> progress,
                              MonotonicTime deadline) {
    while (progress && progress->question) {
        auto answer =
            co_await state->realms.ask(executor, configuration, std::move(*progress->question), deadline);
        if (!answer) co_return std::move(answer).error();
        const auto acquisition = progress->acquisition;
        const auto step = [acquisition, &answer] { return go_on(acquisition, *answer); };
        progress = co_await state->workers.run(step);
    }
    co_return progress;
}

template <class State>
Task<Result<Granted>> make_grant(std::shared_ptr<State> state, net::Executor executor, Wanted wanted,
                                 MonotonicTime deadline) {
    const auto& source = *wanted.source;
    const auto shared = [](TicketCache cache) {
        return std::make_shared<const TicketCache>(std::move(cache));
    };
    if (source.keytab.empty() && source.password.empty()) {
        const auto import = [&wanted, &source] {
            return kerberos::import_tickets(wanted.configuration, source.cache, source.client);
        };
        auto found = co_await state->workers.run(import);
        if (!found) co_return std::move(found).error();
        const auto until = end_of(*found, false, state->clock);
        co_return Granted{shared(std::move(*found)), until};
    }
    const auto settle = [&wanted] { return settled(wanted); };
    auto configuration = co_await state->workers.run(settle);
    if (!configuration) co_return std::move(configuration).error();
    if (source.keytab.empty() && !source.kinit.command.empty()) {
        auto made = co_await state->programs.run(executor, *configuration, wanted.source, deadline);
        if (!made) co_return std::move(made).error();
        const auto until = end_of(*made, true, state->clock);
        co_return Granted{shared(std::move(*made)), until};
    }
    const auto begin = [&configuration, &source] { return begin_initial(*configuration, source); };
    auto begun = co_await state->workers.run(begin);
    auto done = co_await finish(state, executor, *configuration, std::move(begun), deadline);
    if (!done) co_return std::move(done).error();
    const auto until = end_of(*done->tickets, true, state->clock);
    co_return Granted{shared(std::move(*done->tickets)), until};
}

template <class State>
Task<Result<kerberos::ServiceTicket>> serve(std::shared_ptr<State> state, Wanted wanted,
                                            MonotonicTime deadline) {
    const auto executor = co_await boost::asio::this_coro::executor;
    // Owned by this coroutine, as all it refers to: it is called while this one waits for it.
    const MakeGrant make = [&] { return make_grant(state, executor, wanted, deadline); };
    auto granting =
        co_await Grants::get(state->grants, executor, wanted.configuration, wanted.source, make, deadline);
    if (!granting) co_return std::move(granting).error();
    const SharedCache cache = std::move(*granting);
    const auto configuration = with_realm_of(wanted.configuration, cache->client());
    const auto begin = [&configuration, &cache, &wanted] {
        return begin_service(configuration, *cache, wanted);
    };
    auto begun = co_await state->workers.run(begin);
    auto done = co_await finish(state, executor, configuration, std::move(begun), deadline);
    if (!done) co_return std::move(done).error();
    const auto principal = done->acquisition->principal();
    co_return kerberos::ServiceTicket{std::move(*done->tickets), principal};
}

}  // namespace

Office::Office(net::WorkerPool& workers, const Clock& clock, SrvQuery query)
    : state_(std::make_shared<State>(workers, clock, std::move(query))) {}
Office::~Office() = default;

Task<Result<kerberos::ServiceTicket>> Office::get(Wanted wanted, MonotonicTime deadline) {
    return serve(state_, std::move(wanted), deadline);
}

}  // namespace mullion::tickets
