// What to do when a host answers a check's question with a fault, in words for who set the check up: what a
// code means for WMI's classes, beyond what it means for shells.
#pragma once

#include "checks/ask.h"
#include "core/error.h"
#include "wsman/fault.h"

namespace mullion::checks {

// Puts it in front of what the error advises already.
void advise(const Ask& asked, const wsman::Fault& fault, Error& error);

}  // namespace mullion::checks
