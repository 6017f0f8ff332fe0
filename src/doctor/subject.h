// Whom a doctor looks at: one host, how it is to be reached, and as whom.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "auth/mechanism.h"
#include "core/error.h"
#include "doctor/monitoring/monitoring.h"
#include "target/target.h"

namespace mullion::doctor {

// A transport that was asked for. With a refusal nothing is sent by it: it could not log on, or would show
// what is secret.
struct Route {
    auth::Transport transport = auth::Transport::basic;
    std::optional<Error> refusal = {};
};

struct Subject {
    target::Target target;      // Settled.
    std::vector<Route> routes;  // In the order that was asked for.
    std::string user;
    bool has_password = false;
    bool tickets = false;    // Some route takes a Kerberos ticket, and there is somebody to have one.
    std::string proxy = {};  // "host:port" of the HTTP proxy that leads there; empty: none.
    std::string realm = {};  // Of the user, as far as it was written; for advice.
    std::optional<Monitoring> monitoring = {};  // Looked at for checks, and for which.
    std::vector<std::string> services = {};     // First parts of the names that the host's service may have.

    [[nodiscard]] bool tls() const { return target.scheme == target::Scheme::https; }
    // By which the service's principal names the host.
    [[nodiscard]] const std::string& kerberos_host() const;
    // "alice@EXAMPLE.TEST"; "USER@REALM" where it was not said.
    [[nodiscard]] std::string principal() const;
};

// Errors: usage.unsupported (a transport of another version), usage.invalid (a proxy of the environment)
[[nodiscard]] Result<Subject> make_subject(const target::Target& settled, const auth::Credential& credential);

}  // namespace mullion::doctor
