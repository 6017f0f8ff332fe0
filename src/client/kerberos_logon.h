// Kerberos for one session: whose tickets, for which of the names that a host's service may have.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/mechanism.h"
#include "core/result.h"
#include "net/task.h"
#include "target/target.h"
#include "tickets/office.h"

namespace mullion::client {

// Whether tickets come from a keytab or a cache that the operator named, or has filled: then no password is
// needed.
[[nodiscard]] bool brings_tickets(const target::Target& target);

// Whether there is somebody whom Kerberos may know: a user with a realm, or tickets or keys that were named.
// A user without costs nothing then.
[[nodiscard]] bool may_use_kerberos(const target::Target& target, const auth::Credential& credential);

// Whose ticket it is, where it comes from, and for which host; `service` is left empty.
[[nodiscard]] tickets::Wanted wanted_ticket(const target::Target& target, const auth::Credential& credential);
// "HTTP", "host", "WSMAN": the first parts of the names that the host's service may have, in the order in
// which they are tried.
[[nodiscard]] std::vector<std::string> service_names(const target::Target& target);

// What is told where the KDC knows none of `names` for `host`: `first` is what it said of the first of them.
// kerberos.ip_address in place of kerberos.unknown_service where the host is named by an address.
[[nodiscard]] Error no_such_service(Error first, const std::vector<std::string>& names,
                                    const std::string& host);

// Lives on its session's thread.
class KerberosLogon {
public:
    KerberosLogon(tickets::Office& office, const target::Target& target, const auth::Credential& credential);

    // An engine with a ticket for the first of the service's names that the KDC knows. Errors: those of
    // tickets::Office::get, of the first name; which were tried is said.
    [[nodiscard]] net::Task<Result<std::unique_ptr<auth::Initiator>>> begin(auth::ChannelBinding binding,
                                                                            MonotonicTime deadline);
    // After kerberos.refused: the name belongs to another account. Whether another one is left.
    [[nodiscard]] bool next_name();
    [[nodiscard]] bool delegates() const { return delegates_; }

private:
    tickets::Wanted wanted_;
    std::vector<std::string> names_;  // "HTTP", "host", "WSMAN"
    std::size_t name_ = 0;            // Of them.
    tickets::Office& office_;
    bool delegates_;
};

}  // namespace mullion::client
