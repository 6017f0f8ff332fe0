#include "exporter/scrape.h"

#include <algorithm>
#include <array>

namespace mullion::exporter {
namespace {

// The names of windows_exporter, which dashboards read, and of the blackbox exporter, which alerts read.
constexpr Family collector_success = {
    "windows_exporter_collector_success",
    Kind::gauge,
    "1 when all that the collector asked for was answered, and could be read",
    {"collector"}};
constexpr Family collector_timeout = {"windows_exporter_collector_timeout",
                                      Kind::gauge,
                                      "1 when the time was over before it had its answers",
                                      {"collector"}};
constexpr Family collector_duration = {
    "windows_exporter_collector_duration_seconds",
    Kind::gauge,
    "How long its questions took; one that collectors share counts for each",
    {"collector"}};
constexpr Family scrape_duration = {
    "windows_exporter_scrape_duration_seconds", Kind::gauge, "How long the whole scrape took", {}};
constexpr Family probe_success = {"probe_success", Kind::gauge, "1 when every collector has had success", {}};
constexpr Family probe_duration = {"probe_duration_seconds", Kind::gauge, "How long the probe took", {}};
constexpr Family probe_timeout = {"probe_timeout_seconds", Kind::gauge, "How long it might have taken", {}};
constexpr Family up = {"wsman_up", Kind::gauge, "1 when the host answered at least one question", {}};
constexpr Family failure = {
    "wsman_collector_failure",
    Kind::gauge,
    "1 of a collector without success; the reason is an id of the errors' table, or rows",
    {"collector", "reason"}};
constexpr Family rows = {"wsman_rows", Kind::gauge, "Rows that the collector was given", {"collector"}};
constexpr Family questions = {"wsman_queries", Kind::gauge, "Queries that the scrape was made of", {}};
constexpr Family dropped = {
    "wsman_dropped_series", Kind::gauge, "Series that came twice, or were over the limit", {}};

constexpr std::array families = {&collector_success,
                                 &collector_timeout,
                                 &collector_duration,
                                 &scrape_duration,
                                 &probe_success,
                                 &probe_duration,
                                 &probe_timeout,
                                 &up,
                                 &failure,
                                 &rows,
                                 &questions,
                                 &dropped};

double seconds(Duration duration) {
    return static_cast<double>(duration.count()) / 1e3;
}

void add_told(Page& page, const Told& told) {
    const auto name = told.collector->name;
    page.add(collector_success, {name}, told.success ? 1 : 0);
    page.add(collector_timeout, {name}, told.timed_out ? 1 : 0);
    page.add(collector_duration, {name}, seconds(told.took));
    page.add(rows, {name}, static_cast<double>(told.rows));
    if (!told.success) page.add(failure, {name, reason_of(told)}, 1);
}

bool was_answered(const std::optional<checks::Answer>& answer) {
    // A fault is an answer, too: of a host that is there and lets us in, whatever it says no to.
    if (!answer) return false;
    const auto* error = answer->error();
    return error == nullptr || error->id == ErrorId::wsman_fault || error->id == ErrorId::wsman_quota ||
           error->id == ErrorId::wsman_access_denied;
}

}  // namespace

std::span<const Family* const> scrape_families() {
    return families;
}

std::string_view reason_of(const Told& told) {
    if (told.success) return {};
    return told.error ? told.error->info().id : std::string_view("rows");
}

ScrapeResult read_scrape(const Plan& plan, const Scrape& scrape, std::span<const Filters* const> filters,
                         const PageLimits& limits) {
    ScrapeResult result;
    // The hosts' own may fill their page; what is said of the scrape is on another, and always there.
    Page page(limits), about;
    for (std::size_t at = 0; at < plan.collectors(); ++at)
        result.told.push_back(read_collector(plan, at, scrape.answers, *filters[at], page));
    result.up = std::any_of(scrape.answers.begin(), scrape.answers.end(), was_answered);
    result.dropped = page.dropped();
    result.success = result.dropped == 0 && std::all_of(result.told.begin(), result.told.end(),
                                                        [](const Told& told) { return told.success; });

    for (const auto& told : result.told) add_told(about, told);
    about.add(scrape_duration, {}, seconds(scrape.took));
    about.add(probe_success, {}, result.success ? 1 : 0);
    about.add(probe_duration, {}, seconds(scrape.took));
    if (scrape.limit) about.add(probe_timeout, {}, seconds(*scrape.limit));
    about.add(up, {}, result.up ? 1 : 0);
    about.add(questions, {}, static_cast<double>(plan.questions().size()));
    about.add(dropped, {}, static_cast<double>(result.dropped));
    result.text = page.print() + about.print();
    return result;
}

}  // namespace mullion::exporter
