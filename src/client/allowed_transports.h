// Which of the transports that were asked for may be tried at a host, decided before anything is sent.
#pragma once

#include <vector>

#include "auth/mechanism.h"
#include "core/result.h"
#include "target/target.h"

namespace mullion::client {

// In the order that was asked for; at least one. Those that could not log on, or would show what is secret,
// are left out; when none is left, the error says why. Errors: usage.invalid, usage.unsupported,
// auth.credentials, auth.domain_account, auth.local_account, auth.plaintext
[[nodiscard]] Result<std::vector<auth::Transport>> allowed_transports(const target::Target& target,
                                                                      const auth::Credential& credential);

}  // namespace mullion::client
