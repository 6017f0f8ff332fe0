// One question from a pipe, its answer into another.
#pragma once

#include "cim/machine.h"
#include "cim/registry.h"

namespace mullion::cimhost {

// Reads an Ask until the end of `in`, writes frames to `out`. Gives the exit status: 0 also where nobody read
// the answer to its end, which is how a client says that it has enough.
[[nodiscard]] int serve(int in, int out, const cim::Registry& registry, const cim::Machine& machine);

}  // namespace mullion::cimhost
