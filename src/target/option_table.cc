#include "target/option_table.h"

#include <fmt/core.h>

#include "target/option_values.h"

namespace mullion::target {
namespace {

// A setter: reads the value, and stores it in one field.
template <auto Parse, auto Field>
Result<void> store(Target& target, std::string_view value) {
    MULLION_ASSIGN(target.*Field, Parse(value));
    return {};
}

}  // namespace

const std::vector<OptionRow>& option_table() {
    static const std::vector<OptionRow> table{
        {"--user", 'u', "ansible_user", "NAME", "",
         "Account to log on with: NAME, DOMAIN\\NAME or NAME@REALM", store<parse_text, &Target::user>},
        {"--transport", 0, "ansible_winrm_transport", "LIST", "",
         "Ways to log on, tried in this order of those the host offers: basic, ntlm, negotiate (plaintext "
         "and ssl are "
         "Ansible's older names of basic). Default: negotiate over http and for NAME@REALM, else basic",
         store<parse_transports, &Target::transports>},
        {"--scheme", 0, "ansible_winrm_scheme", "http|https", "",
         "https, or http on port 5985, when not given", store<parse_scheme, &Target::scheme>},
        {"--port", 0, "ansible_port", "PORT", "", "5986 for https and 5985 for http when not given",
         store<parse_port, &Target::port>},
        {"--path", 0, "ansible_winrm_path", "PATH", "/wsman", "Where the host's WinRM service is",
         store<parse_path, &Target::path>},
        {"--ca-file", 0, "ansible_winrm_ca_trust_path", "PATH", "",
         "PEM file or folder of the authorities to trust, instead of the system's",
         store<parse_text, &Target::ca_file>},
        {"--crl-file", 0, "mullion_crl_file", "FILE", "",
         "PEM file of revocation lists; with it revocation is checked", store<parse_text, &Target::crl_file>},
        {"--cert-validation", 0, "ansible_winrm_server_cert_validation", "validate|ignore|LIST", "validate",
         "How the host's certificate is checked; LIST is of skip-ca, skip-cn, skip-revocation",
         store<parse_cert_validation, &Target::cert_validation>},
        {"--cert-pin", 0, "mullion_cert_pin", "sha256:HEX", "",
         "Accept exactly the certificate with this SHA-256 hash of its DER form; replaces chain and name",
         store<parse_pin, &Target::cert_pin>},
        {"--tls-server-name", 0, "mullion_tls_server_name", "NAME", "",
         "Name to ask for and to expect in the certificate, instead of the host's",
         store<parse_text, &Target::tls_server_name>},
        {"--message-encryption", 0, "ansible_winrm_message_encryption", "auto|always|never", "auto",
         "Seal messages with the session key of ntlm or negotiate; auto: over http",
         store<parse_encryption, &Target::message_encryption>},
        {"--send-cbt", 0, "ansible_winrm_send_cbt", "yes|no", "yes",
         "Bind the log-on to the TLS connection, so that it cannot be relayed",
         store<parse_bool, &Target::send_cbt>},
        {"--allow-unencrypted", 0, "mullion_allow_unencrypted", "", "no",
         "Let passwords and messages travel in clear over http",
         store<parse_bool, &Target::allow_unencrypted>},
        {"--proxy", 0, "ansible_winrm_proxy", "URL|none|environment", "none",
         "Go through this HTTP proxy (http://host:port) with CONNECT; environment: the one that https_proxy, "
         "http_proxy and no_proxy name",
         store<parse_proxy, &Target::proxy>},
        {"--operation-timeout", 0, "ansible_winrm_operation_timeout_sec", "SECONDS", "20",
         "How long the host may hold one request before it says that there is nothing yet",
         store<parse_seconds, &Target::operation_timeout>},
        {"--read-timeout", 0, "ansible_winrm_read_timeout_sec", "SECONDS", "30",
         "How long to wait without a byte from the host; more than --operation-timeout",
         store<parse_seconds, &Target::read_timeout>},
        {"--connect-timeout", 0, "mullion_connect_timeout", "SECONDS", "30",
         "How long connecting may take: name, TCP and TLS", store<parse_seconds, &Target::connect_timeout>},
    };
    return table;
}

Result<void> GivenOptions::apply_to(Target& target) const {
    for (const auto& [row, value] : flags) {
        auto done = row->set(target, value);
        if (done.ok()) continue;
        auto error = std::move(done).error();
        error.detail = fmt::format("{}: {}", row->flag, error.detail);
        return error;
    }
    return {};
}

}  // namespace mullion::target
