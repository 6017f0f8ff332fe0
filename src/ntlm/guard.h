// What our service refuses of NTLM before it looks for the account. docs/security-of-ntlm.md.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "ntlm/messages.h"

namespace mullion::ntlm {

// Both ends must agree on these for the user's name to be Unicode. Errors: auth.protocol
[[nodiscard]] Result<void> check_negotiate(std::string_view message);

// What a challenge settled.
struct Negotiated {
    std::uint32_t flags = 0;
    std::uint64_t timestamp = 0;
};
// A message that answers that challenge. Errors: auth.rejected (NTLMv1, anonymous, a name that
// no account has), auth.protocol (malformed)
[[nodiscard]] Result<NtlmAuthenticate> check_authenticate(std::string_view message,
                                                          const Negotiated& negotiated);

// Whether a context negotiated with these flags seals well enough: NTLMv2's session security with 128 bits.
[[nodiscard]] bool seals_well(std::uint32_t challenge_flags);

}  // namespace mullion::ntlm
