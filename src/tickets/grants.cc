#include "tickets/grants.h"

#include <fmt/core.h>

#include <utility>

namespace mullion::tickets {
namespace {

// Each log-on gets a ticket of its own; otherwise one serves them all.
bool each_time(const Source& source) {
    return source.cache == no_cache;
}

}  // namespace

bool same_source(const Source& a, const Source& b) {
    return &a == &b || (a.client == b.client && a.keytab == b.keytab && a.cache == b.cache &&
                        a.kinit == b.kinit && a.password.same_as(b.password));
}

class Grants::Lead {
public:
    Lead(std::shared_ptr<Grants> grants, Turn turn) : grants_(std::move(grants)), turn_(std::move(turn)) {}
    Lead(const Lead&) = delete;
    Lead& operator=(const Lead&) = delete;
    ~Lead() { finish(std::nullopt); }
    void finish(const Told& told) {
        if (!std::exchange(done_, true)) grants_->finish(*turn_.grant, turn_.outcome.get(), told);
    }

private:
    std::shared_ptr<Grants> grants_;
    Turn turn_;
    bool done_ = false;
};

Grants::Turn Grants::take_turn(const kerberos::Configuration& configuration,
                               const std::shared_ptr<const Source>& source) {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<Grant> grant;
    const auto [first, last] = grants_.equal_range(source->client);
    for (auto one = first; one != last && !grant; ++one) {
        if (one->second->configuration == configuration && same_source(*one->second->source, *source))
            grant = one->second;
    }
    if (!grant) {
        grant = std::make_shared<Grant>(Grant{configuration, source, {}, {}, {}, {}});
        grants_.emplace(source->client, grant);
    }
    const auto now = clock_.now();
    if (grant->made && now < grant->made->until) return {grant->made, {}, nullptr, grant, false};
    if (grant->refused && now < grant->refused_until) return {{}, grant->refused, nullptr, grant, false};
    // The first one shows whether the KDC takes what proves it: before that, a fleet would bring a wrong
    // password as often as it has hosts.
    if (each_time(*source) && grant->proven) return {{}, {}, nullptr, grant, true};
    const bool ours = grant->in_flight == nullptr;
    if (ours) grant->in_flight = std::make_shared<Outcome<Told>>();
    return {std::nullopt, {}, grant->in_flight, grant, ours};
}

void Grants::finish(Grant& grant, Outcome<Told>* outcome, const Told& told) {
    {
        const std::lock_guard lock(mutex_);
        if (outcome != nullptr) grant.in_flight = nullptr;
        grant.made.reset();
        if (told && *told && !each_time(*grant.source)) grant.made = **told;
        if (told && *told) grant.proven = true;
        grant.refused.reset();
        if (told && !*told && told->error().id == ErrorId::kerberos_rejected) {
            grant.proven = false;
            grant.refused = told->error();
            grant.refused->detail += "; it is not asked again for some minutes, lest the account be locked";
            grant.refused_until = clock_.now() + refused_for;
        }
    }
    if (outcome != nullptr) outcome->tell(told);
}

net::Task<Result<std::shared_ptr<const kerberos::TicketCache>>> Grants::get(
    std::shared_ptr<Grants> grants, net::Executor executor, kerberos::Configuration configuration,
    std::shared_ptr<const Source> source, MakeGrant make, MonotonicTime deadline) {
    while (true) {
        auto turn = grants->take_turn(configuration, source);
        if (turn.made) co_return turn.made->cache;
        if (turn.refused) co_return std::move(*turn.refused);
        if (turn.ours) {
            Lead lead(grants, std::move(turn));
            auto made = co_await make();
            const Told told(made);
            lead.finish(told);
            if (!made) co_return std::move(made).error();
            co_return made->cache;
        }
        auto told = co_await Outcome<Told>::wait(turn.outcome, executor, deadline);
        if (!told)
            co_return Error(ErrorId::kerberos_silent,
                            fmt::format("the ticket of {}, which was asked for already, did not come in time",
                                        source->client.empty() ? "the default cache" : source->client));
        if (!*told) continue;
        if (!**told) co_return std::move(**told).error();
        if (each_time(*source)) continue;  // That one is another log-on's.
        co_return (**told)->cache;
    }
}

}  // namespace mullion::tickets
