// `mullion user add|list|modify|delete`: the accounts of the service.
#pragma once

#include "cli/commands.h"

namespace mullion::cli {

void declare_user(CLI::App& app, Action& action);

}  // namespace mullion::cli
