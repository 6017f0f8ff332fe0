// The switches of documents and enumerations: -filter, -dialect, -returnType …
#pragma once

#include "winrm/command_line.h"
#include "winrm/switches.h"

namespace mullion::winrm {

[[nodiscard]] Result<Query> query_of(const Switches& switches, Operation operation);

}  // namespace mullion::winrm
