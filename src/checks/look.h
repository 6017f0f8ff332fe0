// One look at a host by a mode: its questions, in as many rounds as it needs, and its judgement.
#pragma once

#include "checks/asking.h"
#include "checks/mode.h"

namespace mullion::checks {

// A mode that asks without end is a bug, and a host must not be able to have it.
constexpr std::size_t most_questions = 6000;

// `mode` is prepared. Errors: what the host or the way there came to, with the host's name; those of judge().
// usage.invalid among them is a wrong option, not the host's.
[[nodiscard]] Result<Report> look(Mode& mode, const Setting& setting, Asking& asking, Samples& samples);

}  // namespace mullion::checks
