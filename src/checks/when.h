// Times as checks say them.
#pragma once

#include <cstdint>
#include <string>

#include "core/clock.h"

namespace mullion::checks {

// "Tue Mar 10 11:30:00 2026": as Perl's localtime, in the zone of this machine and always in English.
[[nodiscard]] std::string local_time(std::int64_t unix_seconds);
// Seconds since 1970, by the clock of this machine.
[[nodiscard]] std::int64_t unix_now(const Clock& clock);

}  // namespace mullion::checks
