// How long a check may take where nobody says so.
#pragma once

#include <string>

#include "core/clock.h"
#include "target/target.h"

namespace mullion::checks {

// Nagios, Icinga and Centreon kill a check after 60 s as they are installed, and most of them so that it
// cannot clean up: its shell stays on the host, where few are allowed. Behind the limit up to 10 s go into
// releasing what was begun (client/cleanup.h), and 5 s are for this machine.
inline constexpr Duration usual_limit{45'000};
// Who gives single answers more time than usual has a scheduler that waits: the whole then gets so much more.
inline constexpr Duration beside_one_answer{15'000};

[[nodiscard]] Duration default_limit(const target::Target& target);
// Of --timeout.
[[nodiscard]] std::string timeout_help();

}  // namespace mullion::checks
