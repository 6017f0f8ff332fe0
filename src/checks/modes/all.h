// Every mode: one line each, in modes/<name>.cc with its dashes as underscores.
#pragma once

#include "checks/mode.h"

namespace mullion::checks {}  // namespace mullion::checks
