// Which account a Kerberos principal is.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "auth/mechanism.h"
#include "kerberos/acceptor.h"

namespace mullion::service {

// "alice@REALM" is the account of that name. Where there is none it is the account "alice", if REALM is one
// of `realms`: those whose keys the service has. Names are compared without case, as everywhere here; realms
// are not, for "example.test" is not "EXAMPLE.TEST".
class RealmPrincipals final : public kerberos::Principals {
public:
    RealmPrincipals(auth::AccountLookup& accounts, std::vector<std::string> realms)
        : accounts_(accounts), realms_(std::move(realms)) {}
    [[nodiscard]] Result<std::optional<auth::AccountRecord>> find(const std::string& principal) override;

private:
    auth::AccountLookup& accounts_;
    const std::vector<std::string> realms_;
};

// Null: no Kerberos is offered.
using SharedKeys = std::shared_ptr<kerberos::ServiceKeys>;
// Errors: kerberos.keytab, kerberos.library
[[nodiscard]] Result<SharedKeys> open_keytab(const std::string& file);

// What a service with a keytab logs on with.
struct KerberosSide {
    KerberosSide(auth::AccountLookup& accounts, SharedKeys of_keytab)
        : principals(accounts, of_keytab->realms()), keys(std::move(of_keytab)) {}
    RealmPrincipals principals;
    SharedKeys keys;
};

}  // namespace mullion::service
