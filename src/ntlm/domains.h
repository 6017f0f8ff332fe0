// Who can tell whether a domain's user made a response, for a service that has no hash of that user.
#pragma once

#include <string>

#include "auth/mechanism.h"
#include "core/result.h"
#include "core/secret.h"

namespace mullion::ntlm {

// All of it is the client's own claim but the challenge, which is ours.
struct DomainClaim {
    std::string user;       // UTF-8; may be "user@realm".
    std::string domain;     // Empty: that of this machine, or behind the @.
    std::string challenge;  // 8 bytes.
    std::string response;   // NTLMv2's: proof and blob.
};

struct DomainProof {
    Secret base_key;  // SessionBaseKey, 3.3.2: 16 bytes.
    auth::AccountRecord account;
};

class Domains {
public:
    virtual ~Domains() = default;
    // May block. Errors: auth.rejected, which also says why nobody could be asked.
    [[nodiscard]] virtual Result<DomainProof> prove(const DomainClaim& claim) = 0;
};

}  // namespace mullion::ntlm
