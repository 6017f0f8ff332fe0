#include "client/allowed_transports.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "auth/policy.h"
#include "client/kerberos_logon.h"

namespace mullion::client {
namespace {

using auth::Transport;
using Transports = std::vector<Transport>;

bool has(const Transports& transports, Transport wanted) {
    return std::find(transports.begin(), transports.end(), wanted) != transports.end();
}

Error unsent(ErrorId id, std::string detail) {
    Error error(id, std::move(detail));
    error.tried = "nothing: no request was sent";
    return error;
}

Result<Transports> read_names(const target::Target& target) {
    Transports transports;
    for (const auto& name : target.transports) {
        const auto transport = auth::parse_transport(name);
        if (!transport)
            return Error(ErrorId::usage_unsupported,
                         fmt::format("the transport {} is not in this version", name));
        transports.push_back(*transport);
    }
    return transports;
}

Result<void> check_credssp(const target::Target& target, const auth::Credential& credential,
                           const Transports& transports) {
    if (!has(transports, Transport::credssp)) return {};
    if (transports.size() > 1)
        return Error(ErrorId::usage_invalid,
                     "credssp hands the password over, so it is not tried in place of another transport: "
                     "give it alone");
    if (target.credssp.mechanism == target::CredsspMechanism::kerberos &&
        !may_use_kerberos(target, credential))
        return unsent(ErrorId::auth_local_account,
                      fmt::format("credssp with kerberos as {}", credential.user));
    return {};
}

// Where nothing else is left for a domain's account, the host would look for a local one of that name.
Result<void> keep_local(const target::Target& target, const std::string& user, Transports& transports) {
    if (!auth::is_domain_account(user, target.host)) return {};
    const auto first = transports.front();
    std::erase_if(transports, auth::is_for_local_accounts);
    if (!transports.empty()) return {};
    return unsent(ErrorId::auth_domain_account, fmt::format("{} with {}", user, auth::to_string(first)));
}

// Basic and Certificate leave messages as they are.
Result<void> keep_sealed(const target::Target& target, Transports& transports) {
    if (target.message_encryption != target::MessageEncryption::always) return {};
    const auto first = transports.front();
    std::erase_if(transports, auth::is_for_local_accounts);
    if (!transports.empty()) return {};
    return unsent(ErrorId::auth_plaintext,
                  fmt::format("{} cannot seal messages, and --message-encryption always asks for it",
                              auth::to_string(first)));
}

// A KDC knows no account of the host itself.
Result<void> keep_known_to_kdc(const target::Target& target, const auth::Credential& credential,
                               Transports& transports) {
    if (may_use_kerberos(target, credential)) return {};
    std::erase(transports, Transport::kerberos);
    if (!transports.empty()) return {};
    return unsent(ErrorId::auth_local_account, fmt::format("kerberos as {}", credential.user));
}

// With a ticket of the operator's or a keytab there may be neither user nor password.
Result<void> check_credential(const target::Target& target, const auth::Credential& credential,
                              Transports& transports) {
    if (!target::takes_password(target)) return {};
    const auto by_ticket = [](Transport t) { return t == Transport::kerberos || t == Transport::negotiate; };
    const bool tickets =
        brings_tickets(target) && std::any_of(transports.begin(), transports.end(), by_ticket);
    // A cache says whose it is; a keytab may hold several.
    if (credential.user.empty() && !(tickets && target.kerberos.keytab.empty()))
        return Error(ErrorId::auth_credentials, "there is no user name");
    if (!credential.password.empty()) return {};
    if (!tickets) return Error(ErrorId::auth_credentials, "the password is empty");
    std::erase_if(transports, [&](Transport t) { return !by_ticket(t); });
    return {};
}

// What would be readable on the way is refused before anything is sent.
Result<void> keep_secret(const target::Target& target, Transports& transports) {
    if (target.scheme == target::Scheme::https || target.allow_unencrypted) return {};
    if (target.message_encryption == target::MessageEncryption::never)
        return Error(ErrorId::auth_plaintext, "--message-encryption never over http://");
    std::erase(transports, Transport::basic);
    if (transports.empty()) return unsent(ErrorId::auth_plaintext, "basic over http://");
    return {};
}

}  // namespace

Result<std::vector<auth::Transport>> allowed_transports(const target::Target& target,
                                                        const auth::Credential& credential) {
    if (!target.socket.empty()) return Transports{Transport::local};
    MULLION_ASSIGN(auto transports, read_names(target));
    MULLION_TRY(check_credssp(target, credential, transports));
    MULLION_TRY(keep_local(target, credential.user, transports));
    MULLION_TRY(keep_sealed(target, transports));
    MULLION_TRY(keep_known_to_kdc(target, credential, transports));
    MULLION_TRY(check_credential(target, credential, transports));
    MULLION_TRY(keep_secret(target, transports));
    return transports;
}

}  // namespace mullion::client
