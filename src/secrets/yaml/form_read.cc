#include <fmt/format.h>

#include "core/printable.h"
#include "secrets/entities/identifier.h"
#include "secrets/entities/references.h"
#include "secrets/yaml/form.h"

namespace mullion::secrets {
namespace {

using yaml::Node;

// ---- secrets ----

// Harness's own words for what cannot be there (secrets.md 1.2). The value is never shown.
Result<void> check_value_type(Fields& spec) {
    MULLION_ASSIGN(const std::string type, spec.text("valueType"));
    const bool has_value = spec.find("value") != nullptr;
    if (type.empty() || type == "Inline") {
        if (!has_value) return {};
        auto error = spec.at("value", "Inline secret text cannot be provided in YAML.");
        error.advice.emplace_back(
            "Leave value out and give it by mullion secret add --value-stdin, or by apply --value REF=FILE.");
        return error;
    }
    if (type == "Reference") {
        MULLION_ASSIGN(const std::string value, spec.text("value"));
        if (value.empty())
            return spec.at("value", "value cannot be empty for reference secret text in YAML.");
    } else if (type != "CustomSecretManagerValues") {
        return spec.at("valueType", "valueType is Inline, Reference or CustomSecretManagerValues");
    }
    return spec.at("valueType",
                   fmt::format("valueType {}: the managers here keep values themselves (built-in, AWS KMS), "
                               "so that a value can only be Inline",
                               type));
}

Result<Spec> text_secret(Fields spec) {
    TextSecret secret;
    MULLION_ASSIGN(secret.manager, spec.reference("secretManagerIdentifier"));
    MULLION_TRY(check_value_type(spec));
    MULLION_TRY(spec.finish());
    return Spec(std::move(secret));
}

Result<Spec> file_secret(Fields spec) {
    FileSecret secret;
    MULLION_ASSIGN(secret.manager, spec.reference("secretManagerIdentifier"));
    MULLION_ASSIGN(secret.file_name, spec.text("fileName"));
    MULLION_TRY(spec.finish());
    return Spec(std::move(secret));
}

// ---- WinRM credentials ----

Result<void> read_switches(Fields& spec, WinRmCredential& credential) {
    MULLION_ASSIGN(credential.use_ssl, spec.truth("useSSL", true));
    // Harness takes true for granted; here a certificate is looked at unless somebody says otherwise.
    MULLION_ASSIGN(credential.skip_cert_check, spec.truth("skipCertChecks", false));
    MULLION_ASSIGN(credential.no_profile, spec.truth("useNoProfile", false));
    return {};
}

Result<void> read_ntlm(Fields spec, WinRmCredential& credential) {
    NtlmLogOn log_on;
    MULLION_ASSIGN(log_on.domain, spec.text("domain"));
    MULLION_ASSIGN(log_on.username, spec.text("username"));
    MULLION_ASSIGN(log_on.password, spec.reference("password"));
    MULLION_TRY(read_switches(spec, credential));
    MULLION_TRY(spec.finish());
    credential.log_on = std::move(log_on);
    return {};
}

Result<void> read_keytab(Fields spec, KerberosLogOn& log_on) {
    MULLION_ASSIGN(std::string path, spec.text("keyPath"));
    MULLION_ASSIGN(Reference file, spec.reference("keytab"));
    MULLION_TRY(spec.finish());
    if (!path.empty() && !file.id.empty())
        return spec.at("keytab", "keyPath and keytab are two keytabs; one is wanted");
    if (file.id.empty())
        log_on.ticket = KeytabFile{std::move(path)};
    else
        log_on.ticket = KeytabSecret{std::move(file)};
    return {};
}

Result<void> read_ticket(Fields& spec, KerberosLogOn& log_on) {
    MULLION_ASSIGN(const std::string method, spec.text("tgtGenerationMethod"));
    if (method.empty()) {
        if (spec.find("spec") != nullptr)
            return spec.at("spec", "spec without tgtGenerationMethod: KeyTabFilePath or Password");
        log_on.ticket = TicketOfTheMachine{};
        return {};
    }
    if (method == "KeyTabFilePath") {
        MULLION_ASSIGN(auto below, spec.map("spec", "a ticket by keytab"));
        return read_keytab(std::move(below), log_on);
    }
    if (method != "Password")
        return spec.at("tgtGenerationMethod", "tgtGenerationMethod is KeyTabFilePath, Password or absent");
    MULLION_ASSIGN(auto below, spec.map("spec", "a ticket by password"));
    TicketByPassword ticket;
    MULLION_ASSIGN(ticket.password, below.reference("password"));
    log_on.ticket = std::move(ticket);
    return below.finish();
}

Result<void> read_kerberos(Fields spec, WinRmCredential& credential) {
    KerberosLogOn log_on;
    MULLION_ASSIGN(log_on.principal, spec.text("principal"));
    MULLION_ASSIGN(log_on.realm, spec.text("realm"));
    MULLION_ASSIGN(log_on.kdcs, spec.texts("kdcs"));
    MULLION_TRY(read_switches(spec, credential));
    MULLION_TRY(read_ticket(spec, log_on));
    MULLION_ASSIGN(log_on.reuse_within_a_run, spec.truth("reuseTicketWithinRun", false));
    MULLION_TRY(spec.finish());
    credential.log_on = std::move(log_on);
    return {};
}

Result<void> read_parameters(Fields& spec, WinRmCredential& credential) {
    MULLION_ASSIGN(auto all, spec.maps("parameters", "a parameter"));
    for (auto& one : all) {
        MULLION_ASSIGN(auto name, one.text("parameter"));
        MULLION_ASSIGN(auto value, one.text("value"));
        MULLION_TRY(one.finish());
        credential.parameters.emplace_back(std::move(name), std::move(value));
    }
    return {};
}

Result<Spec> win_rm_credential(Fields spec) {
    WinRmCredential credential;
    MULLION_ASSIGN(const auto port, spec.number("port", 65535));
    if (port) credential.port = static_cast<std::uint16_t>(*port);
    MULLION_TRY(read_parameters(spec, credential));
    MULLION_ASSIGN(auto auth, spec.map("auth", "auth"));
    MULLION_TRY(spec.finish());
    MULLION_ASSIGN(const std::string type, auth.text("type"));
    if (type != "NTLM" && type != "Kerberos") return auth.at("type", "auth.type is NTLM or Kerberos");
    MULLION_ASSIGN(auto below, auth.map("spec", fmt::format("a log-on by {}", type)));
    MULLION_TRY(auth.finish());
    if (type == "NTLM")
        MULLION_TRY(read_ntlm(std::move(below), credential));
    else
        MULLION_TRY(read_kerberos(std::move(below), credential));
    return Spec(std::move(credential));
}

// ---- connectors ----

Result<void> read_keys(Fields& spec, AwsKmsConnector& connector) {
    AwsKeys keys;
    MULLION_ASSIGN(keys.access_key, spec.reference("accessKey"));
    MULLION_ASSIGN(keys.secret_key, spec.reference("secretKey"));
    connector.credential = std::move(keys);
    return {};
}

Result<void> read_machine_role(Fields& spec, AwsKmsConnector& connector) {
    MULLION_ASSIGN(connector.credential_selectors, spec.texts("delegateSelectors"));
    connector.credential = AwsRoleOfTheMachine{};
    return {};
}

Result<void> read_assumed_role(Fields& spec, AwsKmsConnector& connector) {
    AwsAssumedRole role;
    MULLION_ASSIGN(connector.credential_selectors, spec.texts("delegateSelectors"));
    MULLION_ASSIGN(role.role_arn, spec.text("roleArn"));
    MULLION_ASSIGN(role.external_id, spec.text("externalName"));
    MULLION_ASSIGN(role.seconds, spec.number("assumeStsRoleDuration", 1'000'000));
    connector.credential = std::move(role);
    return {};
}

Result<void> read_oidc(Fields& spec, AwsKmsConnector& connector) {
    AwsOidc oidc;
    MULLION_ASSIGN(connector.credential_selectors, spec.texts("delegateSelectors"));
    MULLION_ASSIGN(oidc.role_arn, spec.text("iamRoleArn"));
    MULLION_ASSIGN(oidc.token_file, spec.text("tokenFile"));
    MULLION_ASSIGN(oidc.token_command, spec.texts("tokenCommand"));
    oidc.through_platform = !connector.execute_on_delegate;
    connector.credential = std::move(oidc);
    return {};
}

Result<void> read_aws_credential(Fields credential, AwsKmsConnector& connector) {
    constexpr struct {
        std::string_view type;
        Result<void> (*read)(Fields&, AwsKmsConnector&);
    } types[] = {{"ManualConfig", read_keys},
                 {"AssumeIAMRole", read_machine_role},
                 {"AssumeSTSRole", read_assumed_role},
                 {"OidcAuthentication", read_oidc}};
    MULLION_ASSIGN(const std::string named, credential.text("type"));
    for (const auto& [type, read] : types) {
        if (type != named) continue;
        MULLION_ASSIGN(auto spec, credential.map("spec", fmt::format("a credential of type {}", type)));
        MULLION_TRY(credential.finish());
        MULLION_TRY(read(spec, connector));
        return spec.finish();
    }
    auto error = credential.at("type", "Invalid Credential type.");
    error.advice.emplace_back(
        "credential.type is ManualConfig, AssumeIAMRole, AssumeSTSRole or OidcAuthentication.");
    return error;
}

Result<void> read_key_arn(Fields& spec, AwsKmsConnector& connector) {
    MULLION_ASSIGN(Reference secret, spec.reference("kmsArn"));
    MULLION_ASSIGN(std::string text, spec.text("kmsArnInPlainText"));
    if (!secret.id.empty() && !text.empty())
        return spec.at("kmsArnInPlainText", "kmsArn and kmsArnInPlainText are two keys; one is wanted");
    if (secret.id.empty())
        connector.key_arn = std::move(text);
    else
        connector.key_arn = std::move(secret);
    return {};
}

Result<Spec> aws_kms(Fields spec) {
    AwsKmsConnector connector;
    MULLION_TRY(read_key_arn(spec, connector));
    MULLION_ASSIGN(connector.region, spec.text("region"));
    MULLION_ASSIGN(connector.endpoint, spec.text("endpoint"));
    MULLION_ASSIGN(connector.sts_endpoint, spec.text("stsEndpoint"));
    MULLION_ASSIGN(connector.selectors, spec.texts("delegateSelectors"));
    MULLION_ASSIGN(connector.is_default, spec.truth("default", false));
    MULLION_ASSIGN(connector.execute_on_delegate, spec.truth("executeOnDelegate", true));
    MULLION_ASSIGN(connector.ignore_test_connection, spec.truth("ignoreTestConnection", false));
    MULLION_ASSIGN(auto credential, spec.map("credential", "credential"));
    MULLION_TRY(spec.finish());
    MULLION_TRY(read_aws_credential(std::move(credential), connector));
    return Spec(std::move(connector));
}

Result<Spec> pdc(Fields spec) {
    PdcConnector connector;
    MULLION_ASSIGN(auto hosts, spec.maps("hosts", "a host"));
    for (auto& host : hosts) {
        PdcHost one;
        MULLION_ASSIGN(one.name, host.text("hostname"));
        MULLION_ASSIGN(one.attributes, host.pairs("attributes"));
        MULLION_TRY(host.finish());
        connector.hosts.push_back(std::move(one));
    }
    MULLION_ASSIGN(Reference credential, spec.reference("credential"));
    if (!credential.id.empty()) connector.credential = std::move(credential);
    MULLION_ASSIGN(connector.selectors, spec.texts("delegateSelectors"));
    MULLION_TRY(spec.finish());
    return Spec(std::move(connector));
}

// ---- what all have ----

struct Kind {
    std::string_view type;
    Space space;
    Result<Spec> (*read)(Fields);
};
constexpr Kind kinds[] = {{"SecretText", Space::secret, text_secret},
                          {"SecretFile", Space::secret, file_secret},
                          {"WinRmCredentials", Space::secret, win_rm_credential},
                          {"AwsKms", Space::connector, aws_kms},
                          {"Pdc", Space::connector, pdc}};

Result<const Kind*> kind_named(const Fields& fields, std::string_view type, Space space) {
    std::string known;
    for (const auto& kind : kinds) {
        if (kind.space != space) continue;
        if (kind.type == type) return &kind;
        known += (known.empty() ? "" : ", ") + std::string(kind.type);
    }
    return fields.at(
        "type",
        fmt::format("type is one of {}{}", known,
                    type.empty() ? std::string() : fmt::format("; {} is not kept here", one_line(type))));
}

Result<Entity> read_inner(Fields fields, Space space) {
    Entity entity;
    entity.identity.space = space;
    MULLION_ASSIGN(const std::string type, fields.text("type"));
    MULLION_ASSIGN(const Kind* const kind, kind_named(fields, type, space));
    MULLION_ASSIGN(entity.name, fields.text("name"));
    MULLION_ASSIGN(entity.identity.id, fields.text("identifier"));
    MULLION_ASSIGN(entity.identity.scope.org, fields.text("orgIdentifier"));
    MULLION_ASSIGN(entity.identity.scope.project, fields.text("projectIdentifier"));
    MULLION_ASSIGN(entity.description, fields.text("description"));
    MULLION_ASSIGN(entity.tags, fields.pairs("tags"));
    MULLION_ASSIGN(auto spec, fields.map("spec", fmt::format("the spec of {}", kind->type)));
    MULLION_TRY(fields.finish());
    MULLION_ASSIGN(entity.spec, kind->read(std::move(spec)));
    if (!entity.identity.id.empty()) return entity;
    auto id = identifier_of(entity.name);
    if (!id.ok()) return fields.at("name", id.error().detail);
    entity.identity.id = std::move(*id);
    return entity;
}

}  // namespace

Result<Entity> entity_of(const Node& document, const Source& source) {
    MULLION_ASSIGN(auto top, Fields::of(source, document, "a document"));
    const bool secret = top.find("secret") != nullptr;
    const bool connector = top.find("connector") != nullptr;
    MULLION_TRY(top.finish());
    if (secret == connector) return source.at(document.line, "a document has one key: secret, or connector");
    const char* const key = secret ? "secret" : "connector";
    MULLION_ASSIGN(auto inner, top.map(key, fmt::format("a {}", key)));
    return read_inner(std::move(inner), secret ? Space::secret : Space::connector);
}

}  // namespace mullion::secrets
