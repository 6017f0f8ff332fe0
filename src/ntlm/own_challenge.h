// The CHALLENGE message that our service sends.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mullion::ntlm {

struct OwnChallenge {
    std::uint32_t client_flags = 0;     // Of the NEGOTIATE message.
    std::string_view server_challenge;  // 8 bytes.
    std::uint64_t timestamp = 0;
    std::string_view computer;  // The DNS name that we answer by; empty: this machine's.
};

// What the client asked for and we know, 3.2.5.1.1. There is always target information with a timestamp,
// whether it was asked for or not, as from Windows: who is in between could take the wish out, so that the
// client makes no MIC.
[[nodiscard]] std::string write_own_challenge(const OwnChallenge& challenge);

}  // namespace mullion::ntlm
