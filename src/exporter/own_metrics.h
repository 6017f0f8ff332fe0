// What /metrics says of the exporter itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "core/clock.h"
#include "exporter/discovery.h"
#include "exporter/logon_guard.h"
#include "exporter/page.h"

namespace mullion::exporter {

struct OwnCounts {
    std::map<int, std::uint64_t> requests;  // Answered, by status.
    std::uint64_t probes_succeeded = 0, probes_failed = 0;
    std::uint64_t probes_abandoned = 0;  // Nobody waited for them any more.
    std::uint64_t probes_refused = 0;    // There were too many at a time.
    std::uint64_t queries = 0, rows = 0;
    std::uint64_t connections_refused = 0;
    std::size_t connections = 0, probes = 0;  // Now.
    std::size_t sessions = 0, sessions_in_use = 0;
    bool config_loaded = true;
    double config_loaded_at = 0;  // Seconds since 1970, of the last that was taken.
    std::vector<LogonGuard::Told> logons = {};
    std::uint64_t discoveries_failed = 0;
    const Discovered* discovered = nullptr;  // By the last look into the inventory, if it went well.
};

// With the process's own figures, under the names that all exporters have.
[[nodiscard]] std::string own_metrics(const OwnCounts& counts);

[[nodiscard]] std::span<const Family* const> own_families();

}  // namespace mullion::exporter
