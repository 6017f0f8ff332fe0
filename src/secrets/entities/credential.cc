#include "secrets/entities/credential.h"

namespace mullion::secrets {
namespace {

constexpr std::uint16_t https_port = 5986, http_port = 5985;

}  // namespace

std::uint16_t port_of(const WinRmCredential& credential) {
    if (credential.port) return *credential.port;
    return credential.use_ssl ? https_port : http_port;
}

bool has_other_schemes_port(const WinRmCredential& credential) {
    return credential.port == (credential.use_ssl ? http_port : https_port);
}

std::string principal_of(const KerberosLogOn& log_on) {
    if (log_on.principal.find('@') != std::string::npos) return log_on.principal;
    return log_on.principal + "@" + log_on.realm;
}

}  // namespace mullion::secrets
