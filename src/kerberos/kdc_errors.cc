#include "kerberos/kdc_errors.h"

#include <fmt/chrono.h>

#include <cstdint>
#include <ctime>

#include "core/printable.h"
#include "kerberos/kdc_answer.h"

namespace mullion::kerberos {
namespace {

// RFC 4120 7.5.9, and the library's own codes for what it found in an answer.
ErrorId id_of(krb5_error_code code, Exchange exchange) {
    switch (code) {
        case KRB5KRB_AP_ERR_SKEW:
        case KRB5KRB_AP_ERR_TKT_NYV:
        case KRB5_KDCREP_SKEW:
            return ErrorId::kerberos_clock;
        case KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN:
        case KRB5KDC_ERR_MUST_USE_USER2USER:
        case KRB5_ERR_HOST_REALM_UNKNOWN:
            return exchange == Exchange::tgs ? ErrorId::kerberos_unknown_service : ErrorId::kerberos_rejected;
        case KRB5KRB_AP_ERR_TKT_EXPIRED:
        case KRB5_CC_NOTFOUND:
        case KRB5_CC_END:
        case KRB5_NO_TKT_SUPPLIED:
            return ErrorId::kerberos_no_ticket;
        case KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN:
        case KRB5KDC_ERR_PREAUTH_FAILED:
        case KRB5KRB_AP_ERR_BAD_INTEGRITY:
        case KRB5_PREAUTH_FAILED:
        case KRB5KDC_ERR_KEY_EXP:
        case KRB5KDC_ERR_NAME_EXP:
        case KRB5KDC_ERR_CLIENT_REVOKED:
        case KRB5KDC_ERR_CLIENT_NOTYET:
        case KRB5_KT_NOTFOUND:
            return exchange == Exchange::as ? ErrorId::kerberos_rejected : ErrorId::kerberos_failed;
        case KRB5KDC_ERR_WRONG_REALM:
        case KRB5_KDCREP_MODIFIED:
            return exchange == Exchange::as ? ErrorId::kerberos_wrong_realm : ErrorId::kerberos_failed;
        default:
            return ErrorId::kerberos_failed;
    }
}

// What to do, where the code says more than the row.
const char* advice_of(krb5_error_code code, Exchange exchange) {
    switch (code) {
        case KRB5KDC_ERR_PREAUTH_FAILED:
        case KRB5KRB_AP_ERR_BAD_INTEGRITY:
            return "The password, or the keytab's key, is not the account's: try it with kinit.";
        case KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN:
            return "The realm has no user of that name; on a domain controller: Get-ADUser NAME.";
        case KRB5KDC_ERR_CLIENT_REVOKED:
            return "The account is disabled or locked; on a domain controller: Get-ADUser NAME -Properties "
                   "Enabled,LockedOut.";
        case KRB5KDC_ERR_KEY_EXP:
            return "The password has expired: change it (kpasswd, or on the domain controller).";
        case KRB5KDC_ERR_NAME_EXP:
            return "The account has expired: extend it on the domain controller.";
        case KRB5KDC_ERR_ETYPE_NOSUPP:
        case KRB5_CONFIG_ETYPE_NOSUPP:
            return "The account has keys of old types only: set a new password, or "
                   "msDS-SupportedEncryptionTypes.";
        case KRB5_KT_NOTFOUND:
            return "klist -k FILE shows which principals a keytab has keys of.";
        case KRB5KRB_AP_ERR_TKT_EXPIRED:
            return exchange == Exchange::tgs ? "The ticket-granting ticket has expired: run kinit." : nullptr;
        default:
            return nullptr;
    }
}

std::string utc(std::int64_t time) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(time)));
}

// What the KDC's clock shows, as its refusal tells.
std::string clocks(const Context& context, std::string_view answer) {
    std::string copy(answer);  // The library's type has no const.
    krb5_data data{KV5M_DATA, static_cast<unsigned>(copy.size()), copy.data()};
    krb5_error* read = nullptr;
    if (answer.empty() || context->krb5_rd_error(context.get(), &data, &read) != 0) return {};
    const auto theirs = static_cast<std::int64_t>(static_cast<std::uint32_t>(read->stime));
    context->krb5_free_error(context.get(), read);
    const auto ours = static_cast<std::int64_t>(std::time(nullptr));
    return fmt::format("; the KDC's clock shows {}, {} s {} this machine's", utc(theirs),
                       theirs < ours ? ours - theirs : theirs - ours, theirs < ours ? "behind" : "ahead of");
}

// The true realm, where the answer tells it (RFC 6806 7; an alias of Active Directory).
void name_realm(Error& error, std::string_view answer) {
    const auto read = read_kdc_answer(answer);
    if (!read || read->client_realm.empty()) return;
    const auto realm = one_line(read->client_realm);
    error.detail += fmt::format("; the KDC answers for {}", realm);
    error.advice.push_back(fmt::format("Write the user as NAME@{}.", realm));
}

}  // namespace

Error refusal(const Context& context, Exchange exchange, const std::string& asking, krb5_error_code code,
              std::string_view answer) {
    Error error = context.error(id_of(code, exchange), asking, code);
    if (error.id == ErrorId::kerberos_clock) error.detail += clocks(context, answer);
    if (error.id == ErrorId::kerberos_wrong_realm) name_realm(error, answer);
    if (const auto* advice = advice_of(code, exchange)) error.advice.emplace_back(advice);
    return error;
}

bool is_wrong_key(krb5_error_code code) {
    return code == KRB5KDC_ERR_PREAUTH_FAILED || code == KRB5KRB_AP_ERR_BAD_INTEGRITY;
}

}  // namespace mullion::kerberos
