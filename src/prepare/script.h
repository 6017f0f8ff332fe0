// One PowerShell script of the steps that were chosen: for PowerShell 2.0 (Windows Server 2008 R2) to 7.
#pragma once

#include <string>

#include "prepare/step.h"

namespace mullion::prepare {

// `mode` is what it does when it is started without -Mode. ASCII, lines end with LF.
//
// It tells of each step by one line for programs, parted by tabs,
//     mullion-step  ID  ok|changed|failed|skipped  DETAIL
// and by one for people; "changed" in mode Check is "would be changed". Before them stands
// "mullion-prepare 1 JOURNAL MODE", behind them "mullion-end CODE"; what ended it all is "mullion-error
// TEXT". Exit code: 0 all is as it should be, 1 a step failed or was skipped, 2 (Check) something would
// change.
[[nodiscard]] std::string powershell_script(const Plan& plan, Mode mode);

}  // namespace mullion::prepare
