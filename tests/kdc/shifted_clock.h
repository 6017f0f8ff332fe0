// Another time of day for this process and the libraries in it (LD_PRELOAD: for a whole program).
#pragma once

namespace mullion::kdc {

// What gettimeofday() and time() add from now on. A program that uses it has ENABLE_EXPORTS set.
void shift_clock(long seconds);

}  // namespace mullion::kdc
