// `mullion secret|credential|connector add|list|show|update|move|delete`, `mullion secret
// backup|restore|rotate|rewrap`, and `mullion apply -f FILE`. No command gives a value out.
#pragma once

#include "cli/commands.h"

namespace mullion::cli {

void declare_secret(CLI::App& app, Action& action);
void declare_credential(CLI::App& app, Action& action);
void declare_connector(CLI::App& app, Action& action);
void declare_apply(CLI::App& app, Action& action);

}  // namespace mullion::cli
