// A report as Centreon's plugins print it, and the options that change that. centreon/plugins/output.pm.
#pragma once

#include <string>
#include <vector>

#include "checks/mode.h"
#include "checks/options.h"
#include "checks/report.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/result.h"

namespace mullion::checks {

struct Printed {
    std::string text;
    int exit_code = 0;
    std::string file = {};  // --output-file: where the text is to go. Empty: the standard output.
};

[[nodiscard]] const std::vector<OptionSpec>& output_options();

// What is wrong with these options, before anybody is asked. Errors: usage.invalid.
[[nodiscard]] Result<void> check_output(const Words& global);

// Errors: usage.invalid, as check_output() says, and for a regular expression without end.
[[nodiscard]] Result<Printed> print(const Report& report, const ModeInfo& mode, const Words& global,
                                    WallTime now = system_clock().wall());

// An option that was refused, or a host that gave no answer: the word and exit code of --opt-exit.
// `exit`: another word than that (--wsman-errors-exit); empty: none.
[[nodiscard]] Printed print_refusal(const Error& error, const Words& global, std::string_view exit = {},
                                    WallTime now = system_clock().wall());

}  // namespace mullion::checks
