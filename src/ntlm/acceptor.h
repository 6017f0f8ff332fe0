// The service's side of raw NTLM. It blocks only where it asks for the account, if that does, or a domain.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "auth/mechanism.h"
#include "core/clock.h"
#include "core/ids.h"
#include "ntlm/domains.h"

namespace mullion::ntlm {

struct AcceptorOptions {
    auth::ChannelBinding binding;  // Of this TLS connection; empty over HTTP.
    auth::CbtHardening hardening = auth::CbtHardening::relaxed;
    std::string computer;  // Name that the challenge tells, NetBIOS' made of it; empty: this machine's.
    const Clock& clock = system_clock();
    Random& random = system_random();
    Domains* domains =
        nullptr;  // Asked about who names another domain than this computer, and is not known here.
    std::string_view of_unknown{};  // More for the log, of a user that is not known or has no hash. Static.
};

// NTLMv2 only, in answer to this very challenge; a MIC that was promised must be there and right; bindings as
// `hardening` says. Unknown users take the same work as wrong passwords, and fail alike. How old a response
// claims to be is not asked: it answers eight random bytes of its own connection, and clients' clocks are
// wrong. `accounts`, clock, random and domains must outlive it.
[[nodiscard]] std::unique_ptr<auth::Acceptor> make_acceptor(auth::AccountLookup& accounts,
                                                            const AcceptorOptions& options);

}  // namespace mullion::ntlm
