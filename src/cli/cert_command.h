// `mullion cert create|import|map|list`: certificates of clients, and what our own service knows of them.
#pragma once

#include "cli/commands.h"

namespace mullion::cli {

void declare_cert(CLI::App& app, Action& action);

}  // namespace mullion::cli
