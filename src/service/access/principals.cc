#include "service/access/principals.h"

#include <algorithm>

namespace mullion::service {

Result<SharedKeys> open_keytab(const std::string& file) {
    return kerberos::ServiceKeys::open(file);
}

Result<std::optional<auth::AccountRecord>> RealmPrincipals::find(const std::string& principal) {
    const auto nobody = [] { return std::optional<auth::AccountRecord>(); };
    const auto at = principal.rfind('@');
    // A backslash is how a name's own '@' or '/' is written, and would name a domain to those who look it up.
    if (at == std::string::npos || at == 0 || principal.find('\\') != std::string::npos) return nobody();
    const std::string_view user = std::string_view(principal).substr(0, at);
    const std::string_view realm = std::string_view(principal).substr(at + 1);
    // More than one name, "alice/admin": another principal than alice.
    if (realm.empty() || user.find_first_of("/@:") != std::string_view::npos) return nobody();
    MULLION_ASSIGN(auto whole, accounts_.find(principal));
    if (whole && whole->user.ends_with(principal.substr(at))) return whole;
    if (std::find(realms_.begin(), realms_.end(), realm) == realms_.end()) return nobody();
    return accounts_.find(user);
}

}  // namespace mullion::service
