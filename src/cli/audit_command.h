// `mullion audit verify [--head HASH]`, `export` and `accept`: who used, changed or was refused which secret.
#pragma once

#include "cli/commands.h"

namespace mullion::cli {

void declare_audit(CLI::App& app, Action& action);

}  // namespace mullion::cli
