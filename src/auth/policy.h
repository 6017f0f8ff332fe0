// What may be tried, and what may travel in clear. Pure functions; channel and cli ask them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "auth/mechanism.h"

namespace mullion::auth {

// The scheme of Authorization that a transport travels under: NTLM goes raw under Negotiate.
[[nodiscard]] std::string_view http_scheme(Transport transport);

// The wanted transports that `offered` schemes can carry, in the wanted order, each once. Schemes are
// compared without case. An empty `offered` means that nothing is known yet: then all of `wanted`.
[[nodiscard]] std::vector<Transport> choose(std::span<const Transport> wanted,
                                            std::span<const std::string> offered);

// Whether a failure leaves room for another way to log on: there was no ticket, or the host could not use it.
// Not a password that the KDC refused: the next wrong one could lock the account.
[[nodiscard]] bool is_about_tickets(ErrorId error);

// How one connection would carry messages.
struct Carriage {
    Transport transport = Transport::negotiate;
    bool tls = false;
    bool sealed = false;  // Messages are sealed after the handshake.
};

// Nothing when it may go ahead. What is local leaves this machine's kernel nowhere. Without TLS, Basic shows
// the password and an unsealed message shows itself: both need `allow_unencrypted`. Errors: auth.plaintext
[[nodiscard]] Result<void> check_clear_text(const Carriage& carriage, bool allow_unencrypted);

// Basic and Certificate log on to accounts of the host itself; both leave the messages as they are.
[[nodiscard]] constexpr bool is_for_local_accounts(Transport transport) {
    return transport == Transport::basic || transport == Transport::certificate;
}

// Whether `user` names a domain's account: DOMAIN\user or user@REALM, where neither is the host that is
// spoken to. Of `.\user`, HOST\user and user@HOST the host is meant, by its whole name or the first part of
// it.
[[nodiscard]] bool is_domain_account(std::string_view user, std::string_view host);

}  // namespace mullion::auth
