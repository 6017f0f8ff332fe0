// One scrape of one host, from the request to the text.
#pragma once

#include <memory>
#include <string>

#include "exporter/config.h"
#include "exporter/departure.h"
#include "exporter/logon_guard.h"
#include "exporter/own_metrics.h"
#include "exporter/probe_request.h"
#include "exporter/session_pool.h"
#include "net/task.h"

namespace mullion::exporter {

// What all probes share.
struct Probing {
    SessionPool& pool;
    LogonGuard& guard;
    OwnCounts& counts;
};

// `config` is what `request` points into. When `asker` is gone the answer is of no use, and comes soon.
[[nodiscard]] net::Task<std::string> probe(std::shared_ptr<const Config> config, ProbeRequest request,
                                           std::shared_ptr<Departure> asker, Probing with);

}  // namespace mullion::exporter
