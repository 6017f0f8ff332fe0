#include "exporter/probe.h"

#include <fmt/core.h>

#include <algorithm>

#include "exporter/asking.h"
#include "exporter/scrape.h"

namespace mullion::exporter {
namespace {

using std::chrono::steady_clock;

// The collectors of all modules, each with the filters of the first module that has it.
struct Wanted {
    std::vector<const Collector*> collectors;
    std::vector<const Filters*> filters;
};

Wanted wanted_by(const ProbeRequest& request) {
    Wanted wanted;
    for (const auto* module : request.modules)
        for (const auto* collector : module->collectors) {
            if (std::find(wanted.collectors.begin(), wanted.collectors.end(), collector) !=
                wanted.collectors.end())
                continue;
            wanted.collectors.push_back(collector);
            wanted.filters.push_back(&module->filters);
        }
    return wanted;
}

// What nobody could be asked has for an answer.
PlanAnswers all_of(const Error& error, std::size_t count) {
    PlanAnswers answers(count);
    if (error.id == ErrorId::run_timeout) return answers;
    for (auto& answer : answers) {
        answer.emplace();
        answer->of = error;
    }
    return answers;
}

// After these the next scrape begins anew: another password, or keytab, may be there by then.
bool wants_new_session(const PlanAnswers& answers) {
    return std::any_of(answers.begin(), answers.end(), [](const auto& answer) {
        const auto* error = answer ? answer->error() : nullptr;
        return error != nullptr &&
               (error->info().phase == Phase::auth || error->info().phase == Phase::seal ||
                error->id == ErrorId::kerberos_keytab);
    });
}

// For people: what became of each collector, with advice. debug=true of the blackbox exporter has this form.
std::string explained(const ProbeRequest& request, const ScrapeResult& result) {
    std::string text =
        fmt::format("Logs for the probe of {} as {}:\n", request.target.text(), request.auth_name);
    for (const auto& told : result.told) {
        text += fmt::format("{}: {} rows in {} ms: {}\n", told.collector->name, told.rows, told.took.count(),
                            told.success ? "ok" : "failed");
        if (told.error) {
            text += fmt::format("  {} [{}]\n", told.error->message(), told.error->info().id);
            for (const auto& advice : told.error->all_advice()) text += fmt::format("  next: {}\n", advice);
        }
        for (const auto& problem : told.problems.first()) text += fmt::format("  {}\n", problem);
        if (told.problems.count() > told.problems.first().size())
            text += fmt::format("  and {} more\n", told.problems.count() - told.problems.first().size());
    }
    return text + "\nMetrics that would have been returned:\n" + result.text;
}

void count(OwnCounts& counts, const PlanAnswers& answers, const ScrapeResult& result) {
    for (const auto& answer : answers) {
        if (!answer) continue;
        const auto* rows = std::get_if<checks::Rows>(&answer->of);
        ++counts.queries;
        if (rows != nullptr) counts.rows += rows->size();
    }
    ++(result.success ? counts.probes_succeeded : counts.probes_failed);
}

// What the guard is told of the way in: the first answer shows whether there was one.
class WayIn {
public:
    WayIn(LogonGuard& guard, const SessionPool::Lease& lease)
        : guard_(guard), account_(lease.account()), target_(lease.logon_target()) {}
    WayIn(const WayIn&) = delete;
    WayIn& operator=(const WayIn&) = delete;
    ~WayIn() { guard_.ended(account_, target_); }

    void heard(const checks::Answer& answer) {
        const auto* error = answer.error();
        if (error == nullptr || error->info().phase == Phase::wsman)
            guard_.succeeded(account_, target_);
        else if (LogonGuard::is_refusal(*error))
            guard_.refused(account_, target_);
    }

private:
    LogonGuard& guard_;
    const std::string account_;
    const LogonGuard::Target target_;
};

net::Task<PlanAnswers> answers_of(ProbeRequest request, std::shared_ptr<const Plan> plan,
                                  std::shared_ptr<Departure> asker, Probing with, MonotonicTime deadline) {
    auto taking = with.pool.take(request.target, request.auth_name, *request.auth, asker, deadline);
    auto lease = co_await std::move(taking);
    if (!lease.ok()) co_return all_of(lease.error(), plan->questions().size());
    WayIn way(with.guard, *lease);
    Heard heard = [&way](const checks::Answer& answer) { way.heard(answer); };
    auto asking = ask_host(lease->session(), plan, asker, std::move(heard), deadline);
    auto answers = co_await std::move(asking);
    // Who was interrupted at the last moment would interrupt the next scrape.
    if (wants_new_session(answers) || asker->gone()) lease->drop();
    co_return answers;
}

}  // namespace

net::Task<std::string> probe(std::shared_ptr<const Config> config, ProbeRequest request,
                             std::shared_ptr<Departure> asker, Probing with) {
    (void)config;  // Its copy in this frame keeps what the request points into.
    const auto began = steady_clock::now();
    const auto deadline = began + request.limit;
    const auto wanted = wanted_by(request);
    const auto plan = std::make_shared<const Plan>(wanted.collectors);
    Scrape scrape;
    auto asking = answers_of(request, plan, asker, with, deadline);
    scrape.answers = co_await std::move(asking);
    if (asker->gone()) {
        ++with.counts.probes_abandoned;
        co_return std::string();
    }
    scrape.took = std::chrono::duration_cast<Duration>(steady_clock::now() - began);
    scrape.limit = request.limit;
    const auto result = read_scrape(*plan, scrape, wanted.filters);
    count(with.counts, scrape.answers, result);
    co_return request.debug ? explained(request, result) : result.text;
}

}  // namespace mullion::exporter
