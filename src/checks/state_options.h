// Where what a check keeps goes: --statefile-dir and its like, as far as files of our own can have them.
#pragma once

#include <string>
#include <vector>

#include "checks/options.h"
#include "core/result.h"

namespace mullion::checks {

// Of modes with two samples.
[[nodiscard]] const std::vector<OptionSpec>& state_options();

// The folder that was named, or the account's own: $XDG_STATE_HOME/mullion/checks, ~/.local/state/… without
// it. Errors: usage.unsupported, for what would keep it elsewhere or in another form; usage.invalid;
// state.directory where an account has no folder at all.
[[nodiscard]] Result<std::string> state_folder(const Words& words);

}  // namespace mullion::checks
