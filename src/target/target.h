// One host and how to reach it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/result.h"

namespace mullion::target {

enum class Scheme {
    automatic,  // Not said: https, but http on port 5985, as Ansible has it. settle() decides.
    http,
    https,
};
enum class MessageEncryption { automatic, always, never };
// Who gets the Kerberos ticket: we do, or the operator has. Automatic: we do where there is a password.
enum class KinitMode { automatic, managed, manual };

// Parts of --cert-validation.
struct CertValidation {
    bool chain = true;
    bool name = true;
    bool revocation = true;
};

// What Kerberos needs to know.
struct KerberosOptions {
    std::string realm;              // Empty: what follows '@' in the user's name.
    std::vector<std::string> kdcs;  // "host:port"; empty: those that krb5.conf or DNS name.
    std::string service;            // Empty: HTTP, then host, then WSMAN.
    std::string host_name;          // Empty: the target's host.
    std::string keytab;
    std::string cache;  // An existing one to take tickets from; empty: the default one.
    KinitMode kinit_mode = KinitMode::automatic;
    std::string kinit_command;  // Run where it or its arguments are given; empty: kinit.
    std::string kinit_arguments;
    std::vector<std::string> kinit_environment;  // Names of variables that kinit is given.
    bool delegation = false;
};

enum class CredsspMechanism { automatic, ntlm, kerberos };
struct CredsspOptions {
    bool disable_tls12 = false;
    CredsspMechanism mechanism = CredsspMechanism::automatic;
    unsigned minimum_version = 2;
};

// Everything that decides how one host is reached. Defaults are design 3's.
struct Target {
    std::string name;  // Host and port as the operator wrote them: what results and errors show.
    std::string host;  // Without brackets.
    Scheme scheme = Scheme::automatic;
    std::uint16_t port = 0;  // 0: not said; settle() takes 5986 for https, 5985 for http.
    std::string path = "/wsman";
    std::string user;
    // Empty: kerberos for a user with a realm, then over https basic; for others basic (over https
    // certificate, where there is one).
    std::vector<std::string> transports;
    std::string ca_file;
    std::string crl_file;
    CertValidation cert_validation;
    std::string cert_pin;
    std::string tls_server_name;
    MessageEncryption message_encryption = MessageEncryption::automatic;
    bool send_cbt = true;
    bool allow_unencrypted = false;
    std::string proxy;  // "http://host:port"; "environment": https_proxy and its like; empty: none.
    // Files for the transport certificate: PEM or PKCS#12; the key may be in the certificate's.
    std::string client_certificate, client_key, client_key_password_file;
    KerberosOptions kerberos;
    CredsspOptions credssp;
    Duration operation_timeout{20'000};
    Duration read_timeout{30'000};
    Duration connect_timeout{30'000};

    // Not empty: this machine's service, by the socket at that path. No option says so; local_target() does.
    std::string socket;

    // "https://web01:5986/wsman", IPv6 in brackets with its scope as RFC 6874 has it. Of a settled target.
    [[nodiscard]] std::string url() const;
};

// True when one of its ways to log on takes a password. Of a settled target.
[[nodiscard]] bool takes_password(const Target& target);

// Decides what was not said (scheme, port, transports) and refuses what cannot work together: a read timeout
// that does not exceed the operation timeout, options of TLS over http, a certificate
// that is wanted and not given. Errors: usage.invalid
[[nodiscard]] Result<Target> settle(Target target);

// The service of this machine that keeps its state in that directory, by its own socket: nobody logs on
// there, and nothing is sealed. Settled.
[[nodiscard]] Target local_target(const std::string& state_directory);

// URL ("https://user@host:5986/wsman") or [user@]host[:port]; IPv6 bare, bracketed, scoped. The parts that
// the text has win over `options`; the result is settled. Errors: usage.target (a password in the text is
// refused with advice, and never repeated), usage.invalid
[[nodiscard]] Result<Target> parse_target(std::string_view text, const Target& options);

}  // namespace mullion::target
