// Domain accounts by NTLM: this machine's winbind has the domain's controllers check what a client answered.
#pragma once

#include <atomic>
#include <semaphore>
#include <string>

#include "auth/mechanism.h"
#include "ntlm/domains.h"

namespace mullion::service {

// What winbind said of an answer that was right.
struct DomainWord {
    std::string user;        // As the domain spells it.
    std::string domain;      // "ADEX"
    std::string dns_domain;  // "ad.example.test"; may be empty.
    bool guest = false;
    std::string own_domain;  // Those of the domain that this machine is in.
    std::string own_dns_domain;
};

// Whose account that is: what RealmPrincipals says of "user@DNS.DOMAIN". So the bare name counts for users of
// the machine's own domain, and those of domains that it trusts are known by their whole name alone.
[[nodiscard]] Result<auth::AccountRecord> account_of(const DomainWord& word, auth::AccountLookup& accounts);

// Calls of libwbclient, which is loaded by the first (ADR 0010). Thread-safe. A controller that does not
// answer holds up two worker threads at most: meanwhile everybody else is refused.
class Winbind final : public ntlm::Domains {
public:
    explicit Winbind(auth::AccountLookup& accounts) : accounts_(accounts) {}
    [[nodiscard]] Result<ntlm::DomainProof> prove(const ntlm::DomainClaim& claim) override;
    // The domain that this machine is in. Errors: auth.rejected, why winbind cannot be asked.
    [[nodiscard]] Result<std::string> domain();

private:
    auth::AccountLookup& accounts_;
    std::counting_semaphore<> turns_{2};
    std::atomic<bool> stuck_ = false;  // Somebody has waited for a turn in vain since the last one ended.
};

}  // namespace mullion::service
