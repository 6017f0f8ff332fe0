// The client's side of raw NTLM: NTLMv2 with a MIC and channel binding. Never blocks.
#pragma once

#include <memory>
#include <string>

#include "auth/mechanism.h"
#include "core/clock.h"
#include "core/ids.h"
#include "core/result.h"

namespace mullion::ntlm {

struct InitiatorOptions {
    std::string host;              // For MsvAvTargetName: HTTP/host.
    std::string workstation;       // This machine's NetBIOS name, or empty: some accounts are bound to it.
    auth::ChannelBinding binding;  // Empty without TLS or with --send-cbt no.
    const Clock& clock = system_clock();
    Random& random = system_random();
};

// The user may be `DOMAIN\user`, `.\user`, which has no domain, or a name that the host knows by itself, also
// `user@realm`: that goes as it is, as Windows and Samba send it, since its realm need not be a domain's
// name.
//
// Refuses a challenge without target information, or without sealing with 128 bits and extended session
// security: who is in between would take them out so that the MIC goes too. Errors: auth.credentials (empty,
// no UTF-8, control characters), then of step(): auth.protocol
[[nodiscard]] Result<std::unique_ptr<auth::Initiator>> make_initiator(const auth::Credential& credential,
                                                                      const InitiatorOptions& options);

}  // namespace mullion::ntlm
