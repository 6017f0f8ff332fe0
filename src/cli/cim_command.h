// `mullion cim`.
#pragma once

#include <CLI/App.hpp>

#include "cli/commands.h"

namespace mullion::cli {

void declare_cim(CLI::App& app, Action& action);

}  // namespace mullion::cli
