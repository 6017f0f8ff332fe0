// `mullion exporter`: metrics of hosts for Prometheus.
#pragma once

#include "cli/commands.h"

namespace mullion::cli {

void declare_exporter(CLI::App& app, Action& action);

}  // namespace mullion::cli
