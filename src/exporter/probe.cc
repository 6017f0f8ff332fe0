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

// After these the next scrape begins anew: another password may be in the file by then.
bool wants_new_session(const PlanAnswers& answers) {
    return std::any_of(answers.begin(), answers.end(), [](const auto& answer) {
        const auto* error = answer ? answer->error() : nullptr;
        return error != nullptr && (error->info().phase == Phase::auth || error->info().phase == Phase::seal);
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

}  // namespace

net::Task<std::string> probe(std::shared_ptr<const Config> config, ProbeRequest request, SessionPool& pool,
                             OwnCounts& counts) {
    (void)config;  // Its copy in this frame keeps what the request points into.
    const auto began = steady_clock::now();
    const auto deadline = began + request.limit;
    const auto wanted = wanted_by(request);
    const auto plan = std::make_shared<const Plan>(wanted.collectors);
    Scrape scrape;
    {
        auto lease = co_await pool.take(request.target, request.auth_name, *request.auth, deadline);
        if (lease.ok()) {
            scrape.answers = co_await ask_host(lease->session(), plan, deadline);
            if (wants_new_session(scrape.answers)) lease->drop();
        } else {
            scrape.answers = all_of(lease.error(), plan->questions().size());
        }
    }
    scrape.took = std::chrono::duration_cast<Duration>(steady_clock::now() - began);
    scrape.limit = request.limit;
    const auto result = read_scrape(*plan, scrape, wanted.filters);
    count(counts, scrape.answers, result);
    co_return request.debug ? explained(request, result) : result.text;
}

}  // namespace mullion::exporter
