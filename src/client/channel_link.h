// From a target and a credential to connections.
#pragma once

#include <memory>

#include "auth/mechanism.h"
#include "client/gated_session.h"
#include "client/link.h"
#include "client/tls_clients.h"
#include "core/result.h"
#include "net/worker_pool.h"
#include "target/target.h"
#include "tickets/office.h"

namespace mullion::client {

// Where its connections lead, without TLS. Errors: usage.invalid (a proxy of the environment)
[[nodiscard]] Result<net::Endpoint> plain_endpoint(const target::Target& target);

// What `target` says of its connections, all but who logs on and how. Reads files: not for an I/O thread.
// Errors: usage.invalid (a proxy of the environment), those of TlsClients::get
[[nodiscard]] Result<channel::ClientSettings> connection_settings(TlsClients& tls,
                                                                  const target::Target& target);

// Checks everything that can be checked without sending: names of transports, user and password, TLS files,
// and that nothing would travel in clear unasked. `pool` and `office` must outlive the links. The credential
// is shared by all of them. Errors: those of allowed_transports() and of net::TlsClient::make
// Reads files: not for an I/O thread.
[[nodiscard]] Result<MakeLinkOn> make_links(net::WorkerPool& pool, tickets::Office& office, TlsClients& tls,
                                            const target::Target& target, auth::Credential credential,
                                            LogonGate gate = {});

}  // namespace mullion::client
