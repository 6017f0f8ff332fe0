// Why a command was not started, in sentences: `mullion serve` says "Access is denied. (set environment)".
#pragma once

#include "client/client.h"
#include "core/error.h"

namespace mullion::cli {

// What whoever typed the command can do about it. `at_the_machine`: by this machine's own socket, without a
// log-on. Any other error stays as it is.
[[nodiscard]] Error explain_refusal(Error error, const client::RunOptions& options, bool at_the_machine);

}  // namespace mullion::cli
