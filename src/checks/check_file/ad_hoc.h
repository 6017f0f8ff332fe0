// A check that is written on the command line: --query and what goes with it.
#pragma once

#include <memory>
#include <vector>

#include "checks/check_file/check_file.h"
#include "checks/mode.h"
#include "checks/options.h"

namespace mullion::checks {

// What says which check it is: --file, or --query, --namespace, --instance, --metric and --status. They are
// read before the other options, which they make.
[[nodiscard]] const std::vector<OptionSpec>& check_source_options();

// The check that these words describe, without --file. Errors: usage.invalid.
[[nodiscard]] Result<std::shared_ptr<const CheckFile>> ad_hoc_check(const Words& source);
// As check_file_mode(), and --warning, --critical and --unknown are those of the one number that there is.
[[nodiscard]] ModeInfo ad_hoc_mode(std::shared_ptr<const CheckFile> check);

}  // namespace mullion::checks
