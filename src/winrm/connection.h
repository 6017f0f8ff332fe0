// The switches that say how a host is reached, checked as winrm checks them and in its order.
#pragma once

#include "winrm/command_line.h"
#include "winrm/switches.h"

namespace mullion::winrm {

[[nodiscard]] Result<Connection> connection_of(const Switches& switches);

}  // namespace mullion::winrm
