#include "target/option_table.h"

#include <fmt/core.h>

#include "target/option_values.h"

namespace mullion::target {
namespace {

using Rank = VariableName::Rank;

// A setter: reads the value, and stores it in one field.
template <auto Parse, auto Field>
Result<void> store(Target& target, std::string_view value) {
    MULLION_ASSIGN(target.*Field, Parse(value));
    return {};
}

// Likewise, for a field of a part.
template <auto Parse, auto Part, auto Field>
Result<void> store_in(Target& target, std::string_view value) {
    MULLION_ASSIGN(target.*Part.*Field, Parse(value));
    return {};
}

// pywinrm's endpoint: scheme, host, port and path in one. Variables that say one of them alone come later in
// the table, and win.
Result<void> set_endpoint(Target& target, std::string_view value) {
    MULLION_ASSIGN(const auto parsed, parse_target(value, {}));
    if (value.find("://") == std::string_view::npos || !parsed.user.empty())
        return Error{ErrorId::usage_invalid, "an endpoint is a URL without a user: https://host:5986/wsman"};
    target.scheme = parsed.scheme;
    target.host = parsed.host;
    target.port = parsed.port;
    target.path = parsed.path;
    return {};
}

// Ansible's connection_timeout is both of pywinrm's timeouts: the operation's, and ten seconds more.
Result<void> set_connection_timeout(Target& target, std::string_view value) {
    MULLION_ASSIGN(target.operation_timeout, parse_seconds(value));
    target.read_timeout = target.operation_timeout + Duration(10'000);
    return {};
}

std::vector<OptionRow> address_rows() {
    return {
        {"", 0, "ansible_winrm_endpoint", "URL", "",
         "All of scheme, host, port and path; each alone wins over it", set_endpoint},
        {"",
         0,
         "ansible_host",
         "HOST",
         "",
         "Name or address to connect to; the inventory's name when not given",
         store<parse_host, &Target::host>,
         "",
         {{"ansible_ssh_host", Rank::deprecated}, {"ansible_winrm_host", Rank::higher}}},
        {"--user",
         'u',
         "ansible_user",
         "NAME",
         "",
         "Account to log on with: NAME, DOMAIN\\NAME or NAME@REALM",
         store<parse_text, &Target::user>,
         "",
         {{"ansible_ssh_user", Rank::deprecated},
          {"ansible_winrm_username", Rank::lower},
          {"ansible_winrm_user", Rank::higher}}},
        {"--transport", 0, "ansible_winrm_transport", "LIST", "",
         "Ways to log on, tried in this order of those the host offers: basic, certificate, kerberos, "
         "ntlm, negotiate (kerberos, else ntlm), or credssp alone, which hands the password over for "
         "further hosts (Ansible's older names: plaintext is basic, ssl is certificate where there is one, "
         "else basic). Default: for a user with a realm kerberos, then over https basic; for others ssl over "
         "https, and over http basic, which --allow-unencrypted must allow",
         store<parse_transports, &Target::transports>},
        {"--scheme", 0, "ansible_winrm_scheme", "http|https", "",
         "https, or http on port 5985, when not given", store<parse_scheme, &Target::scheme>},
        {"--port",
         0,
         "ansible_port",
         "PORT",
         "",
         "5986 for https and 5985 for http when not given",
         store<parse_port, &Target::port>,
         "",
         {{"ansible_ssh_port", Rank::deprecated}, {"ansible_winrm_port", Rank::higher}}},
        {"--path", 0, "ansible_winrm_path", "PATH", "/wsman", "Where the host's WinRM service is",
         store<parse_path, &Target::path>},
    };
}

std::vector<OptionRow> protection_rows() {
    return {
        {"--ca-file", 0, "ansible_winrm_ca_trust_path", "PATH", "",
         "PEM file or folder of the authorities to trust, instead of the system's",
         store<parse_ca_path, &Target::ca_file>, "https"},
        {"--crl-file", 0, "mullion_crl_file", "FILE", "",
         "PEM file of revocation lists; with it revocation is checked", store<parse_text, &Target::crl_file>,
         "https"},
        {"--cert-validation", 0, "ansible_winrm_server_cert_validation", "validate|ignore|LIST", "validate",
         "How the host's certificate is checked; LIST is of skip-ca, skip-cn, skip-revocation",
         store<parse_cert_validation, &Target::cert_validation>, "https"},
        {"--cert-pin", 0, "mullion_cert_pin", "sha256:HEX", "",
         "Accept exactly the certificate with this SHA-256 hash of its DER form; replaces chain and name",
         store<parse_pin, &Target::cert_pin>, "https"},
        {"--tls-server-name", 0, "mullion_tls_server_name", "NAME", "",
         "Name to ask for and to expect in the certificate, instead of the host's",
         store<parse_text, &Target::tls_server_name>, "https"},
        {"--client-cert", 0, "ansible_winrm_cert_pem", "FILE", "",
         "The client's certificate: PEM, or PKCS#12 with its key",
         store<parse_text, &Target::client_certificate>, "certificate"},
        {"--client-key", 0, "ansible_winrm_cert_key_pem", "FILE", "",
         "The client certificate's key, in PEM; in the certificate's file when not given",
         store<parse_text, &Target::client_key>, "certificate"},
        {"--client-key-password-file", 0, "mullion_client_key_password_file", "FILE", "",
         "The first line is the password of an encrypted key or PKCS#12 file",
         store<parse_text, &Target::client_key_password_file>, "certificate"},
        {"--message-encryption", 0, "ansible_winrm_message_encryption", "auto|always|never", "auto",
         "Seal messages with the session key of ntlm or negotiate; auto: over http",
         store<parse_encryption, &Target::message_encryption>},
        {"--send-cbt", 0, "ansible_winrm_send_cbt", "yes|no", "yes",
         "Bind the log-on to the TLS connection, so that it cannot be relayed",
         store<parse_bool, &Target::send_cbt>, "https"},
        {"--allow-unencrypted", 0, "mullion_allow_unencrypted", "", "no",
         "Let passwords and messages travel in clear over http",
         store<parse_bool, &Target::allow_unencrypted>, "http"},
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
        {"", 0, "ansible_winrm_connection_timeout", "SECONDS", "",
         "Sets the operation timeout to this, and the read timeout to ten seconds more",
         set_connection_timeout},
        {"--connect-timeout", 0, "mullion_connect_timeout", "SECONDS", "30",
         "How long connecting may take: name, TCP and TLS", store<parse_seconds, &Target::connect_timeout>},
    };
}

std::vector<OptionRow> kerberos_rows() {
    using Kerberos = KerberosOptions;
    constexpr auto kerberos = &Target::kerberos;
    return {
        {"--realm", 0, "ansible_winrm_realm", "REALM", "",
         "Realm to log on to; what follows @ in the user's name when not given",
         store_in<parse_text, kerberos, &Kerberos::realm>, "kerberos"},
        {"--kdc", 0, "mullion_kdc", "HOST[:PORT]", "",
         "KDC of that realm (repeatable, or with commas between), asked in this order; those that krb5.conf "
         "or "
         "DNS name when not given",
         store_in<parse_kdcs, kerberos, &Kerberos::kdcs>, "kerberos"},
        {"--spn-service", 0, "ansible_winrm_service", "NAME", "",
         "First part of the service principal's name; HTTP, then host, then WSMAN are tried when not given",
         store_in<parse_text, kerberos, &Kerberos::service>, "kerberos"},
        {"--kerberos-hostname", 0, "ansible_winrm_kerberos_hostname_override", "NAME", "",
         "Host in the service principal's name; the one connected to when not given",
         store_in<parse_text, kerberos, &Kerberos::host_name>, "kerberos"},
        {"--keytab", 0, "ansible_winrm_keytab", "FILE", "",
         "Keys to get a ticket with, instead of a password",
         store_in<parse_text, kerberos, &Kerberos::keytab>, "kerberos"},
        {"--ccache", 0, "mullion_ccache", "NAME", "",
         "Cache to take existing tickets from (a file, KEYRING:…, KCM:…, DIR:…) where there is no password "
         "and no "
         "keytab; the default one when not given",
         store_in<parse_text, kerberos, &Kerberos::cache>, "kerberos"},
        {"--kerberos-delegation", 0, "ansible_winrm_kerberos_delegation", "", "no",
         "Let the host use the ticket on further hosts",
         store_in<parse_bool, kerberos, &Kerberos::delegation>, "kerberos"},
        {"--kinit-mode", 0, "ansible_winrm_kinit_mode", "managed|manual", "",
         "Who gets the ticket: managed: Mullion, in memory; manual: the operator has, with kinit. Managed "
         "where "
         "there is a password or keytab, when not given",
         store_in<parse_kinit_mode, kerberos, &Kerberos::kinit_mode>, "kerberos"},
        {"--kinit-cmd", 0, "ansible_winrm_kinit_cmd", "PATH", "",
         "Program that gets the ticket, with the password on its standard input; when neither it nor its "
         "words are "
         "given, no program is run",
         store_in<parse_text, kerberos, &Kerberos::kinit_command>, "kerberos"},
        {"", 0, "ansible_winrm_kinit_args", "TEXT", "",
         "Words for that program (kinit when not given), in place of its own",
         store_in<parse_text, kerberos, &Kerberos::kinit_arguments>, "kerberos"},
        {"", 0, "ansible_winrm_kinit_env_vars", "LIST", "",
         "Variables of the environment that the program gets, beside PATH and KRB5_CONFIG",
         store_in<parse_names, kerberos, &Kerberos::kinit_environment>, "kerberos"},
    };
}

std::vector<OptionRow> credssp_rows() {
    constexpr auto credssp = &Target::credssp;
    return {
        {"--credssp-disable-tls12", 0, "ansible_winrm_credssp_disable_tlsv1_2", "", "no",
         "Use TLS 1.0 inside of CredSSP, for hosts that have nothing better",
         store_in<parse_bool, credssp, &CredsspOptions::disable_tls12>, "credssp"},
        {"", 0, "ansible_winrm_credssp_auth_mechanism", "auto|ntlm|kerberos", "auto",
         "What CredSSP logs on with", store_in<parse_credssp_mechanism, credssp, &CredsspOptions::mechanism>,
         "credssp"},
        {"", 0, "ansible_winrm_credssp_minimum_version", "2..6", "2",
         "Least version of CredSSP that the host must speak",
         store_in<parse_credssp_version, credssp, &CredsspOptions::minimum_version>, "credssp"},
    };
}

}  // namespace

const std::vector<OptionRow>& option_table() {
    static const std::vector<OptionRow> table = [] {
        auto rows = address_rows();
        for (auto& row : protection_rows()) rows.push_back(std::move(row));
        for (auto& row : kerberos_rows()) rows.push_back(std::move(row));
        for (auto& row : credssp_rows()) rows.push_back(std::move(row));
        return rows;
    }();
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
