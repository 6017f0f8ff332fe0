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
    std::optional<Duration> timeout = {};   // Wall clock for all that is asked; none: checks/limit.h.
    std::optional<Duration> whole = {};     // Wall clock for everything, as Centreon's --global-timeout.
    bool without_end = false;               // No limit at all, as who starts it said.
    std::optional<Duration> interval = {};  // Between two looks of one run.
    bool compat = false;
    // More to do next, in the words of that command line.
    Error (*advise)(Error, const target::Target&) = nullptr;
};

// What a monitoring system reads is standard output and the exit status, so errors go there as well.
int tell_check(const checks::Printed& printed);
// An option that is wrong, before anybody was asked.
int refuse_check(const Error& error, const checks::Words& words);
// A host that was not reached, or did not answer well: --wsman-errors-exit.
int fail_check(const Error& error, const checks::Words& words);

// Puts the text of each file that an option names in the name's place (OptionSpec::file). Errors:
// usage.invalid, in Centreon's words.
[[nodiscard]] Result<void> read_option_files(const checks::ModeInfo& mode, checks::Words& words);

// The options that modes, output and what is kept have, as far as they can be wrong by themselves, in
// Centreon's order. Errors: usage.invalid, usage.unsupported.
[[nodiscard]] Result<void> check_words(const checks::ModeInfo& mode, const checks::Words& words,
                                       const target::Target& target, bool compat);

// What all that is asked may take. Nothing: as long as it likes.
[[nodiscard]] std::optional<Duration> limit_of(const CheckRun& run);

// Asks, judges, prints; gives the exit status. `interrupts` was made before any thread.
int run_check(CheckRun run, Interrupts& interrupts);

}  // namespace mullion::cli
