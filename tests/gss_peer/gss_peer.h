// Another program's NTLM, raw and inside SPNEGO, both ends: gss-ntlmssp through MIT krb5's GSSAPI. For tests:
// what both ends of ours agree on, they could agree on wrongly.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "auth/mechanism.h"
#include "core/result.h"

namespace mullion::gss_peer {

// Once per process before the first use, on one thread: locale and environment that the plugin wants.
void initialise();

struct ClientOptions {
    auth::Transport transport = auth::Transport::ntlm;  // ntlm: raw; negotiate: SPNEGO.
    std::string host;                                   // For the service name HTTP@host.
    auth::ChannelBinding binding;
};
// Errors: auth.credentials
[[nodiscard]] Result<std::unique_ptr<auth::Initiator>> make_client(const auth::Credential& credential,
                                                                   const ClientOptions& options);

struct ServiceOptions {
    auth::ChannelBinding binding;
    auth::CbtHardening hardening = auth::CbtHardening::relaxed;
};
// Knows `users` from the start; what they may do it asks `accounts`, which must outlive it.
[[nodiscard]] std::unique_ptr<auth::Acceptor> make_service(auth::AccountLookup& accounts,
                                                           const std::vector<std::string>& users,
                                                           const ServiceOptions& options);

}  // namespace mullion::gss_peer
