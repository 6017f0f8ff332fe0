// `winrm quickconfig`: sets this machine's service up.
#pragma once

#include "cli/own_options.h"
#include "cli/winrm_report.h"
#include "winrm/command_line.h"

namespace mullion::cli {

// Gives the exit status.
[[nodiscard]] int quickconfig(const winrm::Request& request, const OwnOptions& own, WinrmOutput& output);

}  // namespace mullion::cli
