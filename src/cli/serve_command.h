// `mullion serve`: the WinRM service on this machine.
#pragma once

#include "cli/commands.h"

namespace mullion::cli {

void declare_serve(CLI::App& app, Action& action);
// `mullion docs config`
void declare_service_docs(CLI::App& app, Action& action);

}  // namespace mullion::cli
