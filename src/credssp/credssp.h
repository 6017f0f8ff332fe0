// CredSSP ([MS-CSSP]), both ends: TLS inside of tokens, a log-on by SPNEGO inside of that, and at its end the
// client's user name and password for the host to use elsewhere. Steps block where the inner log-on's do.
#pragma once

#include <memory>

#include "auth/mechanism.h"
#include "core/ids.h"
#include "credssp/messages.h"
#include "crypto/tls_memory.h"

namespace mullion::credssp {

// For all of a program's log-ons. `legacy`: TLS 1.0 and 1.1 alone, for hosts that have nothing better.
[[nodiscard]] Result<std::shared_ptr<const crypto::TlsMemoryContext>> client_tls(bool legacy);

struct InitiatorOptions {
    std::unique_ptr<auth::Initiator> inner;  // SPNEGO.
    std::shared_ptr<const crypto::TlsMemoryContext> tls;
    unsigned minimum_version = oldest_version;  // That the host must speak.
    Random& random = system_random();
};
// The credential is what is handed over; nobody gets it who has not proven to be the end of the TLS
// conversation. Errors of step(): credssp.tls12, credssp.version, credssp.public_key, credssp.error,
// auth.rejected, auth.protocol
[[nodiscard]] std::unique_ptr<auth::Initiator> make_initiator(const auth::Credential& credential,
                                                              InitiatorOptions options);

struct AcceptorOptions {
    std::unique_ptr<auth::Acceptor> inner;
    std::shared_ptr<const crypto::TlsMemoryContext> tls;
};
// The identity carries what the client handed over.
[[nodiscard]] std::unique_ptr<auth::Acceptor> make_acceptor(AcceptorOptions options);

}  // namespace mullion::credssp
