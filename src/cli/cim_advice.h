// What a failure about CIM means, beyond the host's own words.
#pragma once

#include "client/cim.h"

namespace mullion::cli {

// Adds WMI's code in words, where the fault has one, and what to do about it.
void explain(client::CimOutcome& outcome);

}  // namespace mullion::cli
