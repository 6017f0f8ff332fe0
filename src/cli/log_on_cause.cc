#include "cli/log_on_cause.h"

#include <fmt/core.h>

namespace mullion::cli {
namespace {

// Those whose phase does not tell.
std::string_view word_of(ErrorId id) {
    switch (id) {
        case ErrorId::wsman_access_denied:
        case ErrorId::auth_certificate_unmapped:
            return "no-right";
        case ErrorId::wsman_quota:
            return "quota";
        case ErrorId::kerberos_keytab:
            return "keytab";
        case ErrorId::kerberos_silent:
        case ErrorId::kerberos_no_kdc:
            return "kdc";
        case ErrorId::kerberos_library:
        case ErrorId::kerberos_clock:
        case ErrorId::kerberos_no_ticket:
        case ErrorId::kerberos_kinit:
        case ErrorId::kerberos_unknown_service:
        case ErrorId::kerberos_ip_address:
        case ErrorId::kerberos_wrong_realm:
        case ErrorId::kerberos_failed:
            return "ticket";
        case ErrorId::auth_not_offered:
        case ErrorId::auth_protocol:
        case ErrorId::auth_plaintext:
        case ErrorId::auth_encryption_refused:
        case ErrorId::auth_domain_account:
        case ErrorId::auth_local_account:
        case ErrorId::credssp_tls12:
        case ErrorId::credssp_version:
        case ErrorId::credssp_public_key:
            return "scheme";
        case ErrorId::usage_unsupported:
            return "delegate";
        default:
            return {};
    }
}

std::string_view word_of(const ErrorRow& row) {
    if (const auto word = word_of(row.error); !word.empty()) return word;
    if (row.id.starts_with("secrets.") || row.id.starts_with("audit.") || row.id.starts_with("aws."))
        return "credential";
    switch (row.phase) {
        case Phase::resolve:
        case Phase::connect:
            return "unreachable";
        case Phase::tls:
            return "tls";
        case Phase::auth:
            return "credential-refused";
        case Phase::http:
            // Of those, what closed or was silent is out of reach; what answered otherwise is something else.
            return row.error == ErrorId::net_closed || row.error == ErrorId::net_read_timeout ? "unreachable"
                                                                                              : "other";
        default:
            return row.status == Status::timed_out ? "unreachable" : "other";
    }
}

}  // namespace

LogOnCause log_on_cause(const Error& error) {
    const auto word = word_of(error.info());
    if (word == "unreachable")
        return {word, fmt::format("Cannot reach remote host. Details: {}", error.message())};
    if (word == "tls")
        return {word,
                "Error in SSL negotiation. Check if server certificate is correct. You may try with "
                "skipCertChecks"};
    if (word == "credential-refused" || word == "scheme")
        return {
            word,
            "Authorization Error: Invalid credentials. Check AuthenticationScheme, username and password"};
    if (word == "keytab")
        return {word,
                "Failure: Invalid keytab file path. Cannot proceed with Ticket Granting Ticket(TGT) "
                "generation"};
    if (word == "ticket" || word == "kdc")
        return {word, "Failure: could not generate Ticket Granting Ticket(TGT)."};
    return {word, "WinRm credentials validation failed."};
}

}  // namespace mullion::cli
