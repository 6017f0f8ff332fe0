// One scrape of one host, from the request to the text.
#pragma once

#include <memory>
#include <string>

#include "exporter/config.h"
#include "exporter/own_metrics.h"
#include "exporter/probe_request.h"
#include "exporter/session_pool.h"
#include "net/task.h"

namespace mullion::exporter {

// `config` is what `request` points into.
[[nodiscard]] net::Task<std::string> probe(std::shared_ptr<const Config> config, ProbeRequest request,
                                           SessionPool& pool, OwnCounts& counts);

}  // namespace mullion::exporter
