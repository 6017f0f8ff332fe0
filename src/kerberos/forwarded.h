// The ticket that a client forwarded, out of the library's hands. Private to this room.
#pragma once

#include <string>

#include "auth/mechanism.h"
#include "kerberos/gss.h"

namespace mullion::kerberos {

// `credential` is what gss_accept_sec_context gave as the delegated one, `client` its principal:
// "alice@EXAMPLE.TEST". Reads krb5.conf: may block. Errors: kerberos.failed (it holds no ticket-granting
// ticket)
[[nodiscard]] Result<auth::ForwardedTicket> take_forwarded(const GssCredential& credential,
                                                           const std::string& client);

}  // namespace mullion::kerberos
