#include <fmt/format.h>

#include "secrets/entities/credential.h"
#include "secrets/use/use.h"

namespace mullion::secrets {
namespace {

std::string user_of(const NtlmLogOn& log_on) {
    const auto& name = log_on.username;
    const bool whole = name.find('\\') != std::string::npos || name.find('@') != std::string::npos;
    return log_on.domain.empty() || whole ? name : fmt::format("{}\\{}", log_on.domain, name);
}
std::string user_of(const KerberosLogOn& log_on) {
    return principal_of(log_on);
}

}  // namespace

UsableCredential UsableCredential::clone() const {
    return {identity, saved, password.clone(), keytab.clone()};
}

std::string UsableCredential::user() const {
    return std::visit([](const auto& log_on) { return user_of(log_on); }, saved.log_on);
}

std::string UsableCredential::name() const {
    return fmt::format("credential {} of {}", identity.id, scope_text(identity.scope));
}

std::vector<std::string> UsableCredential::notes() const {
    std::vector<std::string> notes;
    if (saved.skip_cert_check && saved.use_ssl)
        notes.push_back(fmt::format("{}: the host's certificate is not checked", name()));
    if (has_other_schemes_port(saved))
        notes.push_back(fmt::format("{}: port {} is the port {} SSL by default, and useSSL is {}", name(),
                                    *saved.port, saved.use_ssl ? "without" : "with", saved.use_ssl));
    return notes;
}

}  // namespace mullion::secrets
