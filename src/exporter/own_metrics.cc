#include "exporter/own_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

namespace mullion::exporter {
namespace {

constexpr Family build_info = {
    "mullion_exporter_build_info", Kind::gauge, "1, with the version", {"version"}};
constexpr Family requests = {
    "mullion_exporter_http_requests_total", Kind::counter, "Requests that were answered", {"code"}};
constexpr Family probes = {
    "mullion_exporter_probes_total", Kind::counter, "Probes of hosts that have ended", {"result"}};
constexpr Family logons_refused = {
    "mullion_exporter_logons_refused_total", Kind::counter, "Log-ons that hosts refused", {"auth"}};
constexpr Family logons_spared = {"mullion_exporter_logons_spared_total",
                                  Kind::counter,
                                  "Log-ons that were not tried, because the account might be locked out",
                                  {"auth"}};
constexpr Family auth_held = {"mullion_exporter_auth_held",
                              Kind::gauge,
                              "1 while nobody logs on by this auth, because several hosts refused it",
                              {"auth"}};
constexpr Family targets_held = {"mullion_exporter_auth_targets_held",
                                 Kind::gauge,
                                 "Hosts that refused this auth, and are not logged on to for a while",
                                 {"auth"}};
constexpr Family sd_targets = {
    "mullion_exporter_sd_targets",
    Kind::gauge,
    "Hosts of the inventory at the last look: listed; not_allowed; other, which are not for WinRM",
    {"state"}};
constexpr Family sd_failures = {
    "mullion_exporter_sd_failures_total", Kind::counter, "Times that the inventory could not be read", {}};
constexpr Family in_flight = {"mullion_exporter_probes_in_flight", Kind::gauge, "Probes that go on now", {}};
constexpr Family queries = {
    "mullion_exporter_queries_total", Kind::counter, "Queries that hosts were asked", {}};
constexpr Family rows = {"mullion_exporter_rows_total", Kind::counter, "Rows that they answered", {}};
constexpr Family connections = {
    "mullion_exporter_http_connections", Kind::gauge, "Connections of scrapers", {}};
constexpr Family refused = {"mullion_exporter_http_connections_refused_total",
                            Kind::counter,
                            "Connections that were closed at once, because there were too many",
                            {}};
constexpr Family sessions = {"mullion_exporter_sessions", Kind::gauge, "Sessions on hosts", {"state"}};
constexpr Family loaded = {"mullion_exporter_config_last_reload_successful",
                           Kind::gauge,
                           "0 when the last reload was refused, and the configuration before it is in force",
                           {}};
constexpr Family loaded_at = {"mullion_exporter_config_last_reload_success_timestamp_seconds",
                              Kind::gauge,
                              "When the configuration in force was read, in seconds since 1970",
                              {}};
constexpr Family cpu = {"process_cpu_seconds_total", Kind::counter, "Processor time of this process", {}};
constexpr Family resident = {"process_resident_memory_bytes", Kind::gauge, "Memory of this process", {}};
constexpr Family open_files = {"process_open_fds", Kind::gauge, "Open descriptors of this process", {}};
constexpr Family most_files = {"process_max_fds", Kind::gauge, "How many it may have", {}};

constexpr std::array families = {
    &build_info,   &requests, &probes,         &in_flight,     &queries,   &rows,       &connections,
    &refused,      &sessions, &logons_refused, &logons_spared, &auth_held, &sd_targets, &sd_failures,
    &targets_held, &loaded,   &loaded_at,      &cpu,           &resident,  &open_files, &most_files};

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// proc(5), statm: size and resident, in pages.
std::optional<double> resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t size = 0, pages = 0;
    if (!(file >> size >> pages)) return std::nullopt;
    return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

std::optional<double> open_descriptors() {
    std::error_code problem;
    std::size_t count = 0;
    for (std::filesystem::directory_iterator at("/proc/self/fd", problem), end; !problem && at != end;
         at.increment(problem))
        ++count;
    if (problem || count == 0) return std::nullopt;
    return static_cast<double>(count - 1);  // One was the listing's own.
}

void add_process(Page& page) {
    rusage usage = {};
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        page.add(cpu, {}, seconds(usage.ru_utime) + seconds(usage.ru_stime));
    if (const auto bytes = resident_bytes()) page.add(resident, {}, *bytes);
    if (const auto count = open_descriptors()) page.add(open_files, {}, *count);
    rlimit limit = {};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) page.add(most_files, {}, static_cast<double>(limit.rlim_cur));
}

double number(std::uint64_t value) {
    return static_cast<double>(value);
}

}  // namespace

std::span<const Family* const> own_families() {
    return families;
}

std::string own_metrics(const OwnCounts& counts) {
    Page page;
    page.add(build_info, {MULLION_VERSION}, 1);
    for (const auto& [status, count] : counts.requests)
        page.add(requests, {std::to_string(status)}, number(count));
    page.add(probes, {"success"}, number(counts.probes_succeeded));
    page.add(probes, {"failure"}, number(counts.probes_failed));
    page.add(probes, {"abandoned"}, number(counts.probes_abandoned));
    page.add(probes, {"refused"}, number(counts.probes_refused));
    page.add(in_flight, {}, number(counts.probes));
    page.add(queries, {}, number(counts.queries));
    page.add(rows, {}, number(counts.rows));
    page.add(connections, {}, number(counts.connections));
    page.add(refused, {}, number(counts.connections_refused));
    page.add(sessions, {"idle"}, number(counts.sessions - counts.sessions_in_use));
    page.add(sessions, {"in use"}, number(counts.sessions_in_use));
    for (const auto& one : counts.logons) {
        page.add(logons_refused, {one.auth}, number(one.refused));
        page.add(logons_spared, {one.auth}, number(one.spared));
        page.add(auth_held, {one.auth}, one.held ? 1 : 0);
        page.add(targets_held, {one.auth}, number(one.targets_held));
    }
    page.add(sd_failures, {}, number(counts.discoveries_failed));
    if (const auto* found = counts.discovered) {
        page.add(sd_targets, {"listed"}, number(found->targets));
        page.add(sd_targets, {"not_allowed"}, number(found->not_allowed));
        page.add(sd_targets, {"other"}, number(found->other));
    }
    page.add(loaded, {}, counts.config_loaded ? 1 : 0);
    page.add(loaded_at, {}, counts.config_loaded_at);
    add_process(page);
    return page.print();
}

}  // namespace mullion::exporter
