#include "kerberos/client_name.h"

#include <fmt/core.h>

namespace mullion::kerberos {
namespace {

// To the library a backslash begins an escape; in a user's name it is part of it.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '\\' || c == '@') result += '\\';
        result += c;
    }
    return result;
}

}  // namespace

Result<Principal> client_principal(const Context& context, const Configuration& configuration,
                                   const std::string& client) {
    const auto at = client.rfind('@');
    std::string realm = configuration.realm;
    if (realm.empty() && at != std::string::npos) realm = client.substr(at + 1);
    if (realm.empty()) {
        DefaultRealm own(context.get());
        if (context->krb5_get_default_realm(context.get(), own.put()) != 0)
            return Error(ErrorId::kerberos_no_kdc,
                         fmt::format("the user {} has no realm, and krb5.conf no default_realm", client));
        realm = own.get();
    }
    const std::string written = escaped(client.substr(0, at)) + '@' + escaped(realm);
    Principal principal(context.get());
    const auto code = context->krb5_parse_name(context.get(), written.c_str(), principal.put());
    if (code != 0 || client.find('\0') != std::string::npos)
        return context.error(ErrorId::kerberos_rejected, "the user's name " + client, code);
    return principal;
}

}  // namespace mullion::kerberos
