#include "auth/policy.h"

#include <algorithm>

#include "http/message.h"

namespace mullion::auth {

std::string_view http_scheme(Transport transport) {
    switch (transport) {
        case Transport::basic:
            return "Basic";
        case Transport::certificate:
            return "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";
        case Transport::ntlm:
        case Transport::negotiate:
            return "Negotiate";
        case Transport::kerberos:
            return "Kerberos";
        case Transport::credssp:
            return "CredSSP";
        case Transport::local:
            break;
    }
    return {};
}

namespace {

// A client certificate is asked for inside TLS, so no 401 names it. Windows takes Kerberos tokens under
// Negotiate too, but only a client that sends SPNEGO may rely on it: that is the transport `negotiate`.
bool carries(std::span<const std::string> offered, Transport transport) {
    if (transport == Transport::certificate) return true;
    const std::string_view scheme = http_scheme(transport);
    return std::any_of(offered.begin(), offered.end(),
                       [&](const std::string& offer) { return http::same_without_case(offer, scheme); });
}

}  // namespace

std::vector<Transport> choose(std::span<const Transport> wanted, std::span<const std::string> offered) {
    std::vector<Transport> chosen;
    for (const Transport transport : wanted) {
        if (std::find(chosen.begin(), chosen.end(), transport) != chosen.end()) continue;
        if (offered.empty() || carries(offered, transport)) chosen.push_back(transport);
    }
    return chosen;
}

bool is_about_tickets(ErrorId error) {
    switch (error) {
        case ErrorId::kerberos_library:
        case ErrorId::kerberos_unknown_service:
        case ErrorId::kerberos_ip_address:
        case ErrorId::kerberos_clock:
        case ErrorId::kerberos_silent:
        case ErrorId::kerberos_no_kdc:
        case ErrorId::kerberos_no_ticket:
        case ErrorId::kerberos_keytab:
        case ErrorId::kerberos_refused:
        case ErrorId::kerberos_failed:
            return true;
        default:
            return false;
    }
}

Result<void> check_clear_text(const Carriage& carriage, bool allow_unencrypted) {
    if (carriage.tls || allow_unencrypted || carriage.transport == Transport::local) return {};
    if (carriage.transport == Transport::basic) {
        return Error(ErrorId::auth_plaintext, "Basic over http:// would show the password");
    }
    if (!carriage.sealed) {
        return Error(ErrorId::auth_plaintext, std::string(to_string(carriage.transport)) +
                                                  " over http:// without sealing would show the messages");
    }
    return {};
}

bool is_domain_account(std::string_view user, std::string_view host) {
    std::string_view place;
    if (const auto backslash = user.find('\\'); backslash != std::string_view::npos) {
        place = user.substr(0, backslash);
    } else if (const auto at = user.rfind('@'); at != std::string_view::npos) {
        place = user.substr(at + 1);
    }
    if (place.empty() || place == "." || http::same_without_case(place, "localhost")) return false;
    return !http::same_without_case(place, host) &&
           !http::same_without_case(place, host.substr(0, host.find('.')));
}

}  // namespace mullion::auth
