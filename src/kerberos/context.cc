#include "kerberos/context.h"

#include <fmt/core.h>

#include "kerberos/overlay.h"

namespace mullion::kerberos {
namespace {

using Profile = std::shared_ptr<_profile_t>;

Error failure(const Library& library, krb5_context context, std::string_view doing, krb5_error_code code) {
    return {ErrorId::kerberos_failed, fmt::format("{}: {}", doing, message_of(library, context, code))};
}

// krb5.conf as the machine has it.
Result<Profile> base_profile(const Library& library) {
    krb5_context base = nullptr;
    if (const auto code = library.krb5_init_context(&base); code != 0)
        return failure(library, nullptr, "reading krb5.conf", code);
    profile_t profile = nullptr;
    const auto code = library.krb5_get_profile(base, &profile);
    library.krb5_free_context(base);
    if (code != 0) return failure(library, nullptr, "reading krb5.conf", code);
    return Profile(profile, library.profile_release);
}

Settings settings_of(const Configuration& configuration) {
    // Who answers for DNS must not choose which host, or which realm, is believed (ADR 0013).
    Settings settings{{{"libdefaults", "dns_canonicalize_hostname"}, {"false"}},
                      {{"libdefaults", "rdns"}, {"false"}},
                      {{"libdefaults", "dns_lookup_realm"}, {"false"}}};
    if (!configuration.realm.empty()) settings[{"libdefaults", "default_realm"}] = {configuration.realm};
    if (!configuration.realm.empty() && !configuration.kdcs.empty())
        settings[{"realms", configuration.realm, "kdc"}] = configuration.kdcs;
    return settings;
}

}  // namespace

Result<Context> Context::make(const Configuration& configuration) {
    MULLION_ASSIGN(const Library* const table, library());
    MULLION_ASSIGN(auto base, base_profile(*table));
    MULLION_ASSIGN(const auto profile, lay_over(*table, std::move(base), settings_of(configuration)));
    krb5_context context = nullptr;
    const auto code = table->krb5_init_context_profile(profile.get(), 0, &context);
    if (code != 0) return failure(*table, nullptr, "preparing Kerberos", code);
    return Context(context);
}

Error Context::error(ErrorId id, std::string_view doing, krb5_error_code code) const {
    return {id, fmt::format("{}: {}", doing, message_of(loaded_library(), context_, code))};
}

Result<std::string> text_of(const Context& context, krb5_const_principal principal) {
    UnparsedName name(context.get());
    const auto code = context->krb5_unparse_name(context.get(), principal, name.put());
    if (code != 0) return context.error(ErrorId::kerberos_failed, "writing a principal's name", code);
    return std::string(name.get());
}

}  // namespace mullion::kerberos
