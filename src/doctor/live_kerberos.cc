// KDCs and tickets. The tickets are the runtime's own, which the log-on uses afterwards: so the password is
// shown to a KDC once.
#include <fmt/core.h>

#include "doctor/live_probes.h"
#include "kerberos/acquisition.h"
#include "kerberos/kdc_answer.h"
#include "kerberos/tickets.h"
#include "tickets/kdc_exchange.h"

namespace mullion::doctor {
namespace {

using net::Task;

struct Question {
    kerberos::Configuration configuration;
    kerberos::KdcRequest request;
};

// The first request for a ticket, in which nothing is proven yet. Where a cache says who it is, and there is
// none, anybody will do.
Result<Question> first_question(const tickets::Wanted& wanted) {
    Question question;
    question.configuration = wanted.configuration;
    auto client = wanted.source->client;
    if (client.empty()) {
        const auto cache = kerberos::look_at(wanted.source->cache);
        client = cache.ok() ? cache->client : "anybody";
    }
    auto& configuration = question.configuration;
    MULLION_ASSIGN(configuration.realm, kerberos::realm_of(configuration, client));
    const Secret none("shown to nobody");
    MULLION_ASSIGN(const auto acquisition, kerberos::with_password(configuration, client, none));
    MULLION_ASSIGN(auto request, acquisition->step(""));
    if (!request) return Error(ErrorId::kerberos_failed, "there is nothing to ask a KDC");
    question.request = std::move(*request);
    return question;
}

Task<Result<KdcSeen>> ask_kdc(net::Executor executor, net::WorkerPool& pool,
                              std::shared_ptr<tickets::KdcLookup> lookup, tickets::Wanted wanted,
                              MonotonicTime deadline) {
    const auto prepare = [&wanted] { return first_question(wanted); };
    auto question = co_await pool.run(prepare);
    if (!question.ok()) co_return std::move(question).error();
    KdcSeen seen;
    seen.realm = question->request.realm;
    auto found = co_await lookup->find(executor, question->configuration, seen.realm, deadline);
    if (!found.ok()) co_return std::move(found).error();
    seen.kdcs = *found;
    auto reply = co_await tickets::ask_kdcs(executor, pool, std::move(*found),
                                            std::move(question->request.message), deadline);
    if (reply.answer.empty())
        co_return Error(ErrorId::kerberos_silent, fmt::format("the realm {}: {}", seen.realm, reply.tried));
    seen.answered = reply.kdc;
    const auto answer = kerberos::read_kdc_answer(reply.answer);
    if (!answer)
        co_return Error(ErrorId::kerberos_failed, fmt::format("what answers at {} is no KDC", reply.kdc));
    if (answer->time) seen.clock = clock_difference(*answer->time, system_clock().wall());
    co_return seen;
}

Task<Result<std::string>> get_ticket(tickets::Office& office, tickets::Wanted wanted,
                                     MonotonicTime deadline) {
    auto getting = office.get(std::move(wanted), deadline);
    auto got = co_await std::move(getting);
    if (!got.ok()) co_return std::move(got).error();
    co_return got->principal;
}

}  // namespace

Result<KdcSeen> LiveProbes::kdc() {
    return ask(ask_kdc(executor_, runtime_.state().pool, lookup_, wanted_, connected_by()));
}

Result<std::string> LiveProbes::ticket(const std::string& service) {
    auto wanted = wanted_;
    wanted.service = service;
    return ask(get_ticket(runtime_.state().office, std::move(wanted), connected_by()));
}

}  // namespace mullion::doctor
