// Basic (RFC 7617), both ends. The field goes with every request.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "auth/mechanism.h"

namespace mullion::auth {

// user ":" password in UTF-8. Errors: auth.credentials (a colon in the user, control characters).
[[nodiscard]] Result<std::unique_ptr<Initiator>> make_basic_initiator(const Credential& credential);

// Splits at the first colon. Nothing for a token without one, over 4 KiB, or with a NUL.
[[nodiscard]] std::optional<Credential> parse_basic_token(std::string_view token);

// The user of such a token, for the log; all of it where there is no colon would show a password: then empty.
[[nodiscard]] std::string_view basic_user(std::string_view token);

// What an unknown user's password is checked against, so that the answer takes as long as for a wrong
// password. Of a random password that nobody kept; the costs are those of crypto::hash_password.
inline constexpr std::string_view kUnknownUserHash =
    "$argon2id$v=19$m=65536,t=2,p=1$kCTTn2UvFZ+FdvTJAH3NoQ$DxTN5ArI/+rGyrv0Wxv/poqoKRZRYR/BWyjh2pxbHwY";

// Verifies with Argon2id through `accounts`: slow by intent, so channel calls it on a worker, and remembers
// a keyed hash of the token for the rest of the connection (service's BasicVerifier bounds how many run).
// Errors: auth.rejected, with one text for an unknown user and a wrong password; auth.protocol for a bad
// token.
[[nodiscard]] Result<Identity> verify_basic(std::string_view token, AccountLookup& accounts);

}  // namespace mullion::auth
