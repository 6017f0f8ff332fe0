// NTLM and SPNEGO through GSSAPI (gss-ntlmssp), both ends. step() may block: worker threads only.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "auth/mechanism.h"
#include "core/result.h"

namespace mullion::gss {

struct InitiatorOptions {
    auth::Transport transport = auth::Transport::ntlm;  // ntlm: raw NTLM under Negotiate; negotiate: SPNEGO.
    std::string host;                                   // For the service name HTTP@host.
    auth::ChannelBinding binding;                       // Empty without TLS or with --send-cbt no.
};

// NTLMv2 with a MIC and channel binding; the context seals for the life of the connection.
// Errors: auth.credentials (empty user or password), auth.gss with the GSS major and minor text.
[[nodiscard]] Result<std::unique_ptr<auth::Initiator>> make_initiator(const auth::Credential& credential,
                                                                      const InitiatorOptions& options);

// Once per process before the first use, on one thread: locale and environment that the plugin wants.
void initialise();

}  // namespace mullion::gss
