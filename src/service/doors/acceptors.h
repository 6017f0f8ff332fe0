// What stands behind the schemes that log on by a handshake.
#pragma once

#include <memory>

#include "auth/mechanism.h"
#include "channel/server_connection.h"
#include "crypto/tls_memory.h"
#include "ntlm/acceptor.h"
#include "service/access/principals.h"

namespace mullion::service {

// Negotiate: Kerberos and NTLM, raw and inside SPNEGO; Kerberos: its own tokens. `kerberos` is null without a
// keytab. Null for a scheme that is not served. Everything that the arguments refer to must outlive it.
[[nodiscard]] std::unique_ptr<auth::Acceptor> make_acceptor(channel::Handshake scheme,
                                                            auth::AccountLookup& accounts,
                                                            const ntlm::AcceptorOptions& options,
                                                            KerberosSide* kerberos);

// The same around Negotiate's engine; null without certificate.
[[nodiscard]] std::unique_ptr<auth::Acceptor> inside_credssp(
    std::unique_ptr<auth::Acceptor> negotiate, std::shared_ptr<const crypto::TlsMemoryContext> tls);

}  // namespace mullion::service
