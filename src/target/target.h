// One host and how to reach it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/result.h"

namespace mullion::target {

enum class Scheme { http, https };
enum class MessageEncryption { automatic, always, never };

// Parts of --cert-validation.
struct CertValidation {
    bool chain = true;
    bool name = true;
    bool revocation = true;
};

// Everything that decides how one host is reached. Defaults are design 3's.
struct Target {
    std::string name;  // As the operator wrote it: what results and errors show.
    std::string host;  // Without brackets.
    Scheme scheme = Scheme::https;
    std::uint16_t port = 5986;
    std::string path = "/wsman";
    std::string user;
    std::vector<std::string> transports;  // Empty: Ansible's rule over https, negotiate over http.
    std::string ca_file;
    std::string crl_file;
    CertValidation cert_validation;
    std::string cert_pin;
    std::string tls_server_name;
    std::string client_cert;
    std::string client_key;
    MessageEncryption message_encryption = MessageEncryption::automatic;
    bool send_cbt = true;
    bool allow_unencrypted = false;
    Duration operation_timeout{20'000};
    Duration read_timeout{30'000};
    Duration connect_timeout{30'000};

    // "https://web01:5986/wsman", IPv6 in brackets.
    [[nodiscard]] std::string url() const;
};

// One row of the option table: a flag, the Ansible variable, the field. Help, docs, completion and the
// readers of both forms are made from it.
struct OptionRow {
    std::string_view flag;      // "--ca-file"
    std::string_view variable;  // "ansible_winrm_ca_trust_path"
    std::string_view type;      // "path", "seconds", "list", "bool", "choice: a|b", "text", "port"
    std::string_view fallback;  // Default as text; empty when there is none.
    std::string_view help;
    Result<void> (*set)(Target&, std::string_view value);
};
[[nodiscard]] const std::vector<OptionRow>& option_table();

// URL ("https://user@host:5986/wsman") or host[:port]; IPv6 bare, bracketed, scoped. Errors: usage.target
// (a password in the URL is refused, with advice). A scheme without a port takes 5985 or 5986; a URL's own parts
// win over options that were set before.
[[nodiscard]] Result<Target> parse_target(std::string_view text, const Target& defaults);

}  // namespace mullion::target
