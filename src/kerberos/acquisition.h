// Getting tickets, step by step: what a KDC must be asked comes out, its answer goes in. No I/O, and no
// look-up of names (krb5_init_creds_step, krb5_tkt_creds_step).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"
#include "kerberos/configuration.h"
#include "kerberos/tickets.h"

namespace mullion::kerberos {

// A ticket of Active Directory with the user's many groups has 64 KiB at most (MaxTokenSize; 48,000 by
// default); a KDC's answer holds it once.
inline constexpr std::size_t max_kdc_message = 256 * 1024;

// To be sent to a KDC of `realm`, over TCP with its length in front (RFC 4120 7.2.2).
struct KdcRequest {
    std::string realm;
    std::string message;
};

class Acquisition {
public:
    virtual ~Acquisition() = default;
    // First with an empty answer. Nothing: it is done, and take() has the tickets.
    // Errors: kerberos.rejected (password, unknown or locked client, expired password),
    // kerberos.unknown_service, kerberos.clock, kerberos.failed; each names realm and principal.
    [[nodiscard]] virtual Result<std::optional<KdcRequest>> step(std::string_view answer) = 0;
    [[nodiscard]] virtual Result<TicketCache> take() = 0;
    // After take() of a service's ticket: whom it is for, with its realm.
    [[nodiscard]] virtual const std::string& principal() const = 0;
};

// A ticket-granting ticket for `client` ("alice", "alice@REALM").
[[nodiscard]] Result<std::unique_ptr<Acquisition>> with_password(const Configuration& configuration,
                                                                 const std::string& client,
                                                                 const Secret& password);
// Reads the file: may block.
[[nodiscard]] Result<std::unique_ptr<Acquisition>> with_keytab(const Configuration& configuration,
                                                               const std::string& client,
                                                               const std::string& keytab);
// A ticket for SERVICE/host, by a copy of `granting`. The name of the host is taken as it is: no name server
// is asked about it (rdns off, no canonicalisation); its realm is krb5.conf's domain_realm, else the KDC
// refers.
[[nodiscard]] Result<std::unique_ptr<Acquisition>> for_service(const Configuration& configuration,
                                                               const TicketCache& granting,
                                                               const std::string& service,
                                                               const std::string& host);

// KDCs of `realm` that `configuration` and krb5.conf name, in their order, "host:port"; empty: DNS is to be
// asked for _kerberos._tcp.REALM.
// Errors: kerberos.no_kdc (all that krb5.conf names are asked otherwise than over TCP), kerberos.failed
[[nodiscard]] Result<std::vector<std::string>> kdcs_of(const Configuration& configuration,
                                                       const std::string& realm);

// The realm of `client`: the configuration's, its own, krb5.conf's default_realm. Errors: kerberos.no_kdc
[[nodiscard]] Result<std::string> realm_of(const Configuration& configuration, const std::string& client);

}  // namespace mullion::kerberos
