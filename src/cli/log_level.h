// --log-level of the commands that run until they are ended.
#pragma once

#include <CLI/App.hpp>

#include "core/log.h"

namespace mullion::cli {

// Declares it; `level` holds the default and must live as long as `app`.
void declare_log_level(CLI::App& app, LogLevel& level);

}  // namespace mullion::cli
