// The service's side of raw NTLM. Its step() asks for accounts, which may block: worker threads only.
#pragma once

#include <memory>
#include <string>

#include "auth/mechanism.h"
#include "core/clock.h"
#include "core/ids.h"

namespace mullion::ntlm {

struct AcceptorOptions {
    auth::ChannelBinding binding;  // Of this TLS connection; empty over HTTP.
    auth::CbtHardening hardening = auth::CbtHardening::relaxed;
    std::string computer;  // NetBIOS and DNS name that the challenge tells; empty: this machine's.
    const Clock& clock = system_clock();
    Random& random = system_random();
};

// NTLMv2 only; a MIC that was promised must be there and right; bindings as `hardening` says. Unknown users
// take the same work as wrong passwords, and fail alike. `accounts`, clock and random must outlive it.
[[nodiscard]] std::unique_ptr<auth::Acceptor> make_acceptor(auth::AccountLookup& accounts,
                                                            const AcceptorOptions& options);

}  // namespace mullion::ntlm
