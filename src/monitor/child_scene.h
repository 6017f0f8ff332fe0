// What a child of the monitor does first that asks PAM.
#pragma once

#include <sys/types.h>

#include "core/clock.h"

namespace mullion::monitor {

// Of the descriptors, which a child that asks PAM has from the first on: 0, 1 and 2 are /dev/null, so that
// nothing a module writes goes anywhere.
inline constexpr int first_kept_descriptor = 3;

// In the child, as its first act: a session of its own (so that killing the group reaches what modules
// start), descriptors `kept` as first_kept_descriptor and on, every other one closed, signals as a program
// finds them, killed with the monitor, and, should that be missed, a while after `patience`. False: errno
// says why.
[[nodiscard]] bool set_the_scene(const int* kept, int count, pid_t monitor, Duration patience,
                                 const char* name) noexcept;

}  // namespace mullion::monitor
