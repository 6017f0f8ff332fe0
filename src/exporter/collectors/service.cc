// Services, by Win32_Service: eight series of states and five of start modes each, so filters are worth their
// while.

#include <algorithm>
#include <unordered_map>

#include "exporter/collectors/all.h"
#include "exporter/metric_table.h"

namespace mullion::exporter {
namespace {

constexpr Family info = {"windows_service_info",
                         Kind::gauge,
                         "1, with what Win32_Service says of a service",
                         {"name", "display_name", "run_as", "path_name"}};
constexpr Family state = {
    "windows_service_state", Kind::gauge, "1 of the state that a service is in (State)", {"name", "state"}};
constexpr Family start_mode = {"windows_service_start_mode",
                               Kind::gauge,
                               "1 of the way in which a service is started (StartMode)",
                               {"name", "start_mode"}};
constexpr Family process = {"windows_service_process",
                            Kind::gauge,
                            "When the process of a running service was created, in seconds since 1970",
                            {"name", "process_id"}};
constexpr std::array families = {&info, &state, &start_mode, &process};

constexpr std::string_view properties[] = {"Name",      "DisplayName", "PathName", "ProcessId",
                                           "StartMode", "StartName",   "State"};
constexpr std::string_view process_properties[] = {"ProcessId", "CreationDate"};
constexpr Source sources[] = {{"Win32_Service", properties}, {"Win32_Process", process_properties}};

constexpr std::string_view states[] = {"continue pending", "pause pending", "paused", "running",
                                       "start pending",    "stop pending",  "stopped"};
constexpr std::string_view modes[] = {"auto", "boot", "disabled", "manual", "system"};

// Windows' own words in English, whatever language it speaks.
std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

using Created = std::unordered_map<std::uint64_t, double>;  // By process.

Created creation_times(const Given& given) {
    Created created;
    given.each(1, [&](const Row& row) {
        const auto id = row.whole("ProcessId");
        const auto at = row.timestamp("CreationDate");
        if (id && at) created.emplace(*id, *at);
    });
    return created;
}

void add_service(Page& page, const Row& row, const std::string& name, const Created& created) {
    page.add(info,
             {name, row.text_or_empty("DisplayName"), row.text_or_empty("StartName"),
              row.text_or_empty("PathName")},
             1);
    if (const auto now = row.text("State")) add_states(page, state, states, lower(*now), {name});
    if (const auto now = row.text("StartMode")) add_states(page, start_mode, modes, lower(*now), {name});
    const auto id = row.whole("ProcessId");
    if (!id || *id == 0) return;
    if (const auto found = created.find(*id); found != created.end())
        page.add(process, {name, std::to_string(*id)}, found->second);
}

void read(const Given& given, Page& page) {
    const auto created = creation_times(given);
    given.each(0, [&](const Row& row) {
        const auto name = row.text_or_empty("Name");
        if (given.filters().services.shows(name)) add_service(page, row, name, created);
    });
}

}  // namespace

constinit const Collector service_collector = {"service", "States of services", sources, families, read};

}  // namespace mullion::exporter
