// What we refuse of NTLM that the library would let pass, or must not be shown. docs/security-of-ntlm.md.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "gss/ntlm_messages.h"

namespace mullion::gss {

// Both ends must agree on these for the user's name to be Unicode. Errors: auth.protocol
[[nodiscard]] Result<void> check_negotiate(std::string_view message);

// A message that answers a challenge with these flags. Errors: auth.rejected (NTLMv1, anonymous, a name that
// no account has), auth.protocol (malformed)
[[nodiscard]] Result<NtlmAuthenticate> check_authenticate(std::string_view message,
                                                          std::uint32_t challenge_flags);

// Whether a context negotiated with these flags seals well enough: NTLMv2's session security with 128 bits.
[[nodiscard]] bool seals_well(std::uint32_t challenge_flags);

}  // namespace mullion::gss
