// `mullion prepare kerberos`: this machine, for Kerberos.
#pragma once

#include "cli/commands.h"

namespace mullion::cli {

// Declares it below `prepare`; `action` is set by what finds it on the command line. Returns the subcommand.
CLI::App* declare_prepare_kerberos(CLI::App& parent, Action& action);

}  // namespace mullion::cli
