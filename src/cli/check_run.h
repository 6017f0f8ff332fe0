// One check of one host, from a command line that was read to the exit status: for `mullion check` and
// `mullion-centreon`.
#pragma once

#include <optional>
#include <string>

#include "auth/mechanism.h"
#include "checks/mode.h"
#include "checks/output/output.h"
#include "cli/interrupts.h"
#include "core/clock.h"
#include "target/target.h"

namespace mullion::cli {

struct CheckRun {
    const checks::ModeInfo* mode = nullptr;
    checks::Words words;  // Of the mode, of the output, of what is kept.
    target::Target target;
    auth::Credential credential;
    std::optional<Duration> timeout = {};   // Wall clock for all of it.
    std::optional<Duration> interval = {};  // Between two looks of one run.
    bool compat = false;
    Error (*advise)(Error) = nullptr;  // More to do next, in the words of that command line.
};

// What a monitoring system reads is standard output and the exit status, so errors go there as well.
int tell_check(const checks::Printed& printed);
// An option that is wrong, before anybody was asked.
int refuse_check(const Error& error, const checks::Words& words);
// A host that was not reached, or did not answer well: --wsman-errors-exit.
int fail_check(const Error& error, const checks::Words& words);

// The options that modes, output and what is kept have, as far as they can be wrong by themselves, in
// Centreon's order. Errors: usage.invalid, usage.unsupported.
[[nodiscard]] Result<void> check_words(const checks::ModeInfo& mode, const checks::Words& words,
                                       const target::Target& target, bool compat);

// Asks, judges, prints; gives the exit status. `interrupts` was made before any thread.
int run_check(CheckRun run, Interrupts& interrupts);

}  // namespace mullion::cli
