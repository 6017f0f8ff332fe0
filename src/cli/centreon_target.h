// How Centreon's command line says which host is asked, and as whom.
#pragma once

#include "checks/options.h"
#include "cli/one_host.h"
#include "core/error.h"
#include "core/result.h"
#include "target/option_table.h"
#include "target/target.h"

namespace mullion::cli {

// Our connection options under Centreon's rules for words: --cert-pin, --ca-file, --allow-unencrypted … and
// --password-file.
[[nodiscard]] const std::vector<checks::OptionSpec>& centreon_own_options();

// Settled. The checks are Centreon's, in its order and its words. Errors: usage.invalid, usage.unsupported
[[nodiscard]] Result<target::Target> centreon_target(const checks::Words& words);

// The same with --wsman-credential: it says what --wsman-username, -password, -auth-method and -scheme say
// without one, and the port where no --wsman-port does. Errors: also those of `fill`
[[nodiscard]] Result<target::Target> centreon_target_by_credential(const checks::Words& words,
                                                                   bool password_given,
                                                                   const FillTarget& fill);

// Advice in the words of that command line, and for who is used to what Centreon's plugin does not check.
[[nodiscard]] Error with_centreon_advice(Error error, const target::Target& target);
// Where a credential has decided.
[[nodiscard]] Error with_credential_advice(Error error, const target::Target& target);

}  // namespace mullion::cli
