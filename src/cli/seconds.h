// Options that are a time in seconds.
#pragma once

#include <CLI/App.hpp>

#include <optional>
#include <string>

#include "core/clock.h"

namespace mullion::cli {

// Declares `name`; `into` must live as long as `app`.
void declare_seconds(CLI::App& app, const std::string& name, std::optional<Duration>& into,
                     const std::string& help);

}  // namespace mullion::cli
