// What stands behind the Negotiate scheme.
#pragma once

#include <memory>

#include "auth/mechanism.h"
#include "ntlm/acceptor.h"

namespace mullion::service {

// NTLM, raw and inside SPNEGO. Everything that `options` and the other refer to must outlive it.
[[nodiscard]] std::unique_ptr<auth::Acceptor> negotiate_acceptor(auth::AccountLookup& accounts,
                                                                 const ntlm::AcceptorOptions& options);

}  // namespace mullion::service
