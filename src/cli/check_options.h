// Options of checks on a command line of our own.
#pragma once

#include <CLI/App.hpp>

#include <span>
#include <string>

#include "checks/options.h"

namespace mullion::cli {

// Declares them; `words` must live as long as `app`. A name that `app` has already is left to that.
void declare_check_options(CLI::App& app, std::span<const checks::OptionSpec> specs, const std::string& group,
                           checks::Words& words);

}  // namespace mullion::cli
