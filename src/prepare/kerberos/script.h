// One POSIX shell script that prepares a Linux machine for Kerberos, audits it, and takes its own changes
// back.
#pragma once

#include <string>

#include "core/result.h"
#include "prepare/kerberos/plan.h"

namespace mullion::prepare {

// `sh SCRIPT [--apply|--check|--undo]`. Nothing secret is in it. Errors: usage.invalid, of words that no
// shell may get.
[[nodiscard]] Result<std::string> kerberos_script(const KerberosPlan& plan);

}  // namespace mullion::prepare
