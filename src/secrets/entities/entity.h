// What can be kept: secrets, WinRM credentials and connectors, as values without their secret bytes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "secrets/entities/scope.h"

namespace mullion::secrets {

// A value of its own, sealed in the store; it comes in beside the entity, never in it.
struct TextSecret {
    Reference manager;  // A connector, or the built-in manager (builtin_manager_id).
    bool operator==(const TextSecret&) const = default;
};
struct FileSecret {  // At most 10 MB.
    Reference manager;
    std::string file_name;
    bool operator==(const FileSecret&) const = default;
};

struct NtlmLogOn {
    std::string domain;
    std::string username;
    Reference password;
    bool operator==(const NtlmLogOn&) const = default;
};
struct KeytabFile {
    std::string path;  // On the machine that uses it.
    bool operator==(const KeytabFile&) const = default;
};
struct KeytabSecret {
    Reference file;  // A file secret, read from memory.
    bool operator==(const KeytabSecret&) const = default;
};
struct TicketByPassword {
    Reference password;
    bool operator==(const TicketByPassword&) const = default;
};
struct TicketOfTheMachine {  // The machine has a ticket already.
    bool operator==(const TicketOfTheMachine&) const = default;
};
struct KerberosLogOn {
    std::string principal;
    std::string realm;
    std::vector<std::string> kdcs;
    std::variant<TicketOfTheMachine, KeytabFile, KeytabSecret, TicketByPassword> ticket;
    bool reuse_within_a_run = false;  // Otherwise a new ticket at each authentication.
    bool operator==(const KerberosLogOn&) const = default;
};
struct WinRmCredential {
    std::variant<NtlmLogOn, KerberosLogOn> log_on;
    bool use_ssl = true;
    bool skip_cert_check = false;  // Noted at each use.
    bool no_profile = false;
    std::optional<std::uint16_t> port;  // Without one it follows use_ssl: 5986 or 5985.
    std::vector<std::pair<std::string, std::string>> parameters;
    bool operator==(const WinRmCredential&) const = default;
};

struct AwsKeys {  // ManualConfig
    Reference access_key, secret_key;
    bool operator==(const AwsKeys&) const = default;
};
struct AwsRoleOfTheMachine {  // AssumeIAMRole: container and IMDSv2
    bool operator==(const AwsRoleOfTheMachine&) const = default;
};
struct AwsAssumedRole {  // AssumeSTSRole
    std::string role_arn;
    std::string external_id;               // externalName in YAML.
    std::optional<std::uint32_t> seconds;  // assumeStsRoleDuration, 900 to 43200.
    bool operator==(const AwsAssumedRole&) const = default;
};
struct AwsOidc {                             // OidcAuthentication
    std::string role_arn;                    // iamRoleArn in YAML.
    std::string token_file;                  // Read again at each use; or
    std::vector<std::string> token_command;  // a command and its words, whose output is the token.
    bool through_platform = false;  // Connectivity mode; shown, and refused at use: there is no platform.
    bool operator==(const AwsOidc&) const = default;
};
struct AwsKmsConnector {
    std::variant<AwsKeys, AwsRoleOfTheMachine, AwsAssumedRole, AwsOidc> credential;
    std::variant<std::string, Reference> key_arn;   // As text, or as a secret.
    std::string region;                             // Empty only for AwsKeys: the ARN's.
    std::string endpoint, sts_endpoint;             // Empty: AWS's own.
    std::vector<std::string> credential_selectors;  // delegateSelectors of the credential's spec.
    std::vector<std::string> selectors;             // delegateSelectors of the connector.
    bool is_default = false;
    bool execute_on_delegate = true;
    bool ignore_test_connection = false;
    bool operator==(const AwsKmsConnector&) const = default;
};
struct PdcHost {
    std::string name;
    std::map<std::string, std::string> attributes;
    bool operator==(const PdcHost&) const = default;
};
struct PdcConnector {  // Hosts with a credential: usable as an inventory.
    std::vector<PdcHost> hosts;
    std::optional<Reference> credential;
    std::vector<std::string> selectors;
    bool operator==(const PdcConnector&) const = default;
};

using Spec = std::variant<TextSecret, FileSecret, WinRmCredential, AwsKmsConnector, PdcConnector>;

struct Entity {
    Identity identity;
    std::string name;
    std::string description;
    std::map<std::string, std::string> tags;
    Spec spec;
    bool operator==(const Entity&) const = default;
};

// The manager that every store has; no connector may take its name.
inline constexpr const char* builtin_manager_id = "harnessSecretManager";

// A reference of an entity, by the field that holds it ("spec.auth.spec.password"), and what it may name.
struct Use {
    std::string field;
    Reference reference;
    enum class Wants { value, file, manager, credential } wants = Wants::value;
};
[[nodiscard]] std::vector<Use> references_of(const Entity& entity);

}  // namespace mullion::secrets
