// `mullion simulate`: a scripted WinRM host or fleet.
#pragma once

#include "cli/commands.h"

namespace mullion::cli {

void declare_simulate(CLI::App& app, Action& action);

}  // namespace mullion::cli
