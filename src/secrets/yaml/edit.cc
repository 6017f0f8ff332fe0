#include "secrets/yaml/edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "secrets/entities/references.h"
#include "secrets/entities/validate.h"
#include "secrets/yaml/form.h"

namespace mullion::secrets {
namespace {

using Json = nlohmann::ordered_json;
using Values = std::vector<std::string>;

constexpr unsigned kinds(std::initializer_list<FieldOf> all) {
    unsigned bits = 0;
    for (const auto one : all) bits |= static_cast<unsigned>(one);
    return bits;
}
constexpr unsigned every = 31;
constexpr unsigned secret = kinds({FieldOf::text, FieldOf::file});
constexpr unsigned file = kinds({FieldOf::file});
constexpr unsigned credential = kinds({FieldOf::credential});
constexpr unsigned aws_kms = kinds({FieldOf::aws_kms});
constexpr unsigned pdc = kinds({FieldOf::pdc});

// ---- values ----

Error wrong(std::string_view what) {
    return {ErrorId::usage_invalid, std::string(what)};
}

Result<bool> truth(std::string_view word) {
    if (word == "yes" || word == "true") return true;
    if (word == "no" || word == "false") return false;
    return wrong(fmt::format("'{}' is neither yes nor no", word));
}

// The one empty value that takes all away.
bool is_nothing(const Values& values) {
    return values.size() == 1 && values.front().empty();
}

Json list(const Values& values) {
    auto all = Json::array();
    if (is_nothing(values)) return all;
    for (const auto& value : values) all.push_back(value);
    return all;
}

Result<std::pair<std::string, std::string>> pair_of(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) return wrong(fmt::format("'{}' is not KEY=VALUE", text));
    return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

// ---- places ----

template <class... Keys>
Json& below(Json& inner, Keys... keys) {
    Json* at = &inner["spec"];
    ((at = &(*at)[keys]), ...);
    return *at;
}
Json& auth(Json& inner) {
    return below(inner, "auth", "spec");
}
Json& aws(Json& inner) {
    return below(inner, "credential", "spec");
}
std::string type_at(const Json& inner, const char* part) {
    const Json& spec = inner.at("spec");
    if (!spec.contains(part) || !spec.at(part).contains("type")) return {};
    return spec.at(part).at("type").get<std::string>();
}

// Of another type than before, only the keys that all types have stay.
void choose(Json& part, const std::string& type, std::initializer_list<std::string_view> stay) {
    if (part.contains("type") && part["type"] == type) return;
    auto kept = Json::object();
    if (part.contains("spec"))
        for (const auto& [key, value] : part["spec"].items())
            if (std::find(stay.begin(), stay.end(), key) != stay.end()) kept[key] = value;
    part["type"] = type;
    part["spec"] = std::move(kept);
}

Result<std::string> word_of(const std::string& word,
                            std::initializer_list<std::pair<std::string_view, std::string_view>> words) {
    std::string known;
    for (const auto& [ours, harness] : words) {
        if (word == ours || word == harness) return std::string(harness);
        known += (known.empty() ? "" : ", ") + std::string(ours);
    }
    return wrong(fmt::format("'{}' is none of {}", word, known));
}

// ---- setters ----

template <const auto& key>
Result<void> set_text(Json& inner, const Values& values) {
    inner[key] = values.back();
    return {};
}
template <const auto& key>
Result<void> set_spec_text(Json& inner, const Values& values) {
    inner["spec"][key] = values.back();
    return {};
}
template <const auto& key>
Result<void> set_spec_list(Json& inner, const Values& values) {
    inner["spec"][key] = list(values);
    return {};
}
template <const auto& key>
Result<void> set_spec_truth(Json& inner, const Values& values) {
    MULLION_ASSIGN(inner["spec"][key], truth(values.back()));
    return {};
}
template <const auto& key>
Result<void> set_auth_text(Json& inner, const Values& values) {
    auth(inner)[key] = values.back();
    return {};
}
template <const auto& key>
Result<void> set_auth_truth(Json& inner, const Values& values) {
    MULLION_ASSIGN(auth(inner)[key], truth(values.back()));
    return {};
}
template <const auto& key>
Result<void> set_aws_text(Json& inner, const Values& values) {
    aws(inner)[key] = values.back();
    return {};
}

Result<void> set_tags(Json& inner, const Values& values) {
    auto tags = Json::object();
    for (const auto& value : is_nothing(values) ? Values() : values) {
        MULLION_ASSIGN(auto pair, pair_of(value));
        tags[pair.first] = std::move(pair.second);
    }
    inner["tags"] = std::move(tags);
    return {};
}

Result<void> set_auth(Json& inner, const Values& values) {
    MULLION_ASSIGN(const std::string type,
                   word_of(values.back(), {{"ntlm", "NTLM"}, {"kerberos", "Kerberos"}}));
    choose(below(inner, "auth"), type, {"useSSL", "skipCertChecks", "useNoProfile"});
    return {};
}

// One ticket takes the place of the other.
void set_ticket(Json& inner, const char* method, const char* key, const std::string& value) {
    auth(inner)["tgtGenerationMethod"] = method;
    auth(inner)["spec"] = Json{{key, value}};
}
Result<void> set_password(Json& inner, const Values& values) {
    if (type_at(inner, "auth") == "Kerberos")
        set_ticket(inner, "Password", "password", values.back());
    else
        auth(inner)["password"] = values.back();
    return {};
}
Result<void> set_keytab_file(Json& inner, const Values& values) {
    set_ticket(inner, "KeyTabFilePath", "keyPath", values.back());
    return {};
}
Result<void> set_keytab_secret(Json& inner, const Values& values) {
    set_ticket(inner, "KeyTabFilePath", "keytab", values.back());
    return {};
}
Result<void> set_machine_ticket(Json& inner, const Values& values) {
    MULLION_ASSIGN(const bool wanted, truth(values.back()));
    if (!wanted)
        return wrong("say how tickets are got instead: --keytab-file, --keytab-ref or --password-ref");
    for (const auto* key : {"tgtGenerationMethod", "spec", "reuseTicketWithinRun"}) auth(inner).erase(key);
    return {};
}
Result<void> set_kdcs(Json& inner, const Values& values) {
    auth(inner)["kdcs"] = list(values);
    return {};
}

Result<void> set_port(Json& inner, const Values& values) {
    if (values.back() == "auto")
        inner["spec"].erase("port");
    else
        inner["spec"]["port"] = values.back();
    return {};
}

Result<void> set_parameters(Json& inner, const Values& values) {
    auto all = Json::array();
    for (const auto& value : is_nothing(values) ? Values() : values) {
        MULLION_ASSIGN(auto pair, pair_of(value));
        all.push_back({{"parameter", std::move(pair.first)}, {"value", std::move(pair.second)}});
    }
    inner["spec"]["parameters"] = std::move(all);
    return {};
}

Result<void> set_aws_type(Json& inner, const Values& values) {
    MULLION_ASSIGN(const std::string type, word_of(values.back(), {{"access-key", "ManualConfig"},
                                                                   {"iam-role", "AssumeIAMRole"},
                                                                   {"sts-role", "AssumeSTSRole"},
                                                                   {"oidc", "OidcAuthentication"}}));
    if (type == "ManualConfig")
        choose(below(inner, "credential"), type, {});
    else
        choose(below(inner, "credential"), type, {"delegateSelectors"});
    return {};
}
Result<void> set_role(Json& inner, const Values& values) {
    const bool oidc = type_at(inner, "credential") == "OidcAuthentication";
    aws(inner)[oidc ? "iamRoleArn" : "roleArn"] = values.back();
    return {};
}
Result<void> set_seconds(Json& inner, const Values& values) {
    aws(inner)["assumeStsRoleDuration"] = values.back();
    return {};
}
Result<void> set_credential_selectors(Json& inner, const Values& values) {
    aws(inner)["delegateSelectors"] = list(values);
    return {};
}
Result<void> set_token_file(Json& inner, const Values& values) {
    aws(inner)["tokenFile"] = values.back();
    aws(inner).erase("tokenCommand");
    return {};
}
Result<void> set_token_command(Json& inner, const Values& values) {
    aws(inner)["tokenCommand"] = list(values);
    aws(inner).erase("tokenFile");
    return {};
}
Result<void> set_key_arn(Json& inner, const Values& values) {
    inner["spec"]["kmsArnInPlainText"] = values.back();
    inner["spec"].erase("kmsArn");
    return {};
}
Result<void> set_key_arn_secret(Json& inner, const Values& values) {
    inner["spec"]["kmsArn"] = values.back();
    inner["spec"].erase("kmsArnInPlainText");
    return {};
}

// Hosts that stay keep their attributes.
Result<void> set_hosts(Json& inner, const Values& values) {
    const auto before = inner["spec"].value("hosts", Json::array());
    auto all = Json::array();
    for (const auto& name : is_nothing(values) ? Values() : values) {
        const auto known = std::find_if(before.begin(), before.end(),
                                        [&](const Json& host) { return host.at("hostname") == name; });
        all.push_back(known == before.end() ? Json{{"hostname", name}} : *known);
    }
    inner["spec"]["hosts"] = std::move(all);
    return {};
}

// Names of keys, as template arguments.
constexpr char name_key[] = "name", description_key[] = "description",
               manager_key[] = "secretManagerIdentifier", file_key[] = "fileName", domain_key[] = "domain",
               username_key[] = "username", principal_key[] = "principal", realm_key[] = "realm",
               ssl_key[] = "useSSL", skip_key[] = "skipCertChecks", profile_key[] = "useNoProfile",
               reuse_key[] = "reuseTicketWithinRun", access_key[] = "accessKey", secret_key[] = "secretKey",
               external_key[] = "externalName", region_key[] = "region", endpoint_key[] = "endpoint",
               sts_key[] = "stsEndpoint", selectors_key[] = "delegateSelectors", default_key[] = "default",
               delegate_key[] = "executeOnDelegate", ignore_key[] = "ignoreTestConnection",
               credential_key[] = "credential";

constexpr FieldOption options[] = {
    {"--name", every, "NAME", "What it is called", false, set_text<name_key>},
    {"--description", every, "TEXT", "What it is for", false, set_text<description_key>},
    {"--tag", every, "KEY=VALUE", "A tag (repeatable)", true, set_tags},
    {"--manager", secret, "REF",
     "The secret manager whose key seals it (default: the default one of the nearest scope, or else "
     "harnessSecretManager, the built-in one)",
     false, set_spec_text<manager_key>},
    {"--file-name", file, "NAME", "What the file is called", false, set_spec_text<file_key>},

    {"--auth", credential, "ntlm|kerberos", "The way to log on", false, set_auth},
    {"--domain", credential, "NAME", "NTLM: the domain; none for an account of the host's own", false,
     set_auth_text<domain_key>},
    {"--username", credential, "NAME", "NTLM: the account", false, set_auth_text<username_key>},
    {"--principal", credential, "NAME", "Kerberos: the account, without its realm", false,
     set_auth_text<principal_key>},
    {"--realm", credential, "REALM", "Kerberos: the realm, in capitals", false, set_auth_text<realm_key>},
    {"--kdc", credential, "HOST[:PORT]", "Kerberos: a KDC to ask (repeatable)", true, set_kdcs},
    {"--password-ref", credential, "REF", "The text or file secret that is its password", false,
     set_password},
    {"--keytab-file", credential, "FILE", "Kerberos: a keytab on the machine that uses it", false,
     set_keytab_file},
    {"--keytab-ref", credential, "REF", "Kerberos: the file secret that is its keytab", false,
     set_keytab_secret},
    {"--machine-ticket", credential, "yes", "Kerberos: the ticket that the machine has already", false,
     set_machine_ticket},
    {"--reuse-ticket", credential, "yes|no",
     "Kerberos: one ticket for all hosts of a run (default: no, one for each log-on)", false,
     set_auth_truth<reuse_key>},
    {"--ssl", credential, "yes|no", "HTTPS (default: yes)", false, set_auth_truth<ssl_key>},
    {"--skip-cert-check", credential, "yes|no", "Do not check the host's certificate (default: no)", false,
     set_auth_truth<skip_key>},
    {"--no-profile", credential, "yes|no", "Shells without the user's profile (default: no)", false,
     set_auth_truth<profile_key>},
    {"--port", credential, "PORT|auto", "The port (auto: 5986, or 5985 without SSL)", false, set_port},
    {"--parameter", credential, "NAME=VALUE",
     "A connection variable and its value (docs/options.md; repeatable)", true, set_parameters},

    {"--credential-type", aws_kms, "access-key|iam-role|sts-role|oidc", "How AWS is asked", false,
     set_aws_type},
    {"--access-key-ref", aws_kms, "REF", "access-key: the secret that is the access key's id", false,
     set_aws_text<access_key>},
    {"--secret-key-ref", aws_kms, "REF", "access-key: the secret that is the secret key", false,
     set_aws_text<secret_key>},
    {"--credential-selector", aws_kms, "TAG",
     "iam-role, sts-role, oidc: a delegate that has the credential (repeatable)", true,
     set_credential_selectors},
    {"--role-arn", aws_kms, "ARN", "sts-role, oidc: the role", false, set_role},
    {"--external-id", aws_kms, "ID", "sts-role: the external ID", false, set_aws_text<external_key>},
    {"--session-seconds", aws_kms, "SECONDS", "sts-role: how long a session lasts, 900 to 43200", false,
     set_seconds},
    {"--token-file", aws_kms, "FILE", "oidc: the file with the token, read anew each time", false,
     set_token_file},
    {"--token-command", aws_kms, "WORD", "oidc: a word of the command that prints the token (repeatable)",
     true, set_token_command},
    {"--kms-arn", aws_kms, "ARN", "The key: an ARN, an alias or an id", false, set_key_arn},
    {"--kms-arn-ref", aws_kms, "REF", "The secret that is the key's ARN", false, set_key_arn_secret},
    {"--region", aws_kms, "REGION", "The region; access-key: the ARN's, where none is given", false,
     set_spec_text<region_key>},
    {"--endpoint", aws_kms, "URL", "Of KMS (default: AWS's own)", false, set_spec_text<endpoint_key>},
    {"--sts-endpoint", aws_kms, "URL", "Of STS (default: AWS's own)", false, set_spec_text<sts_key>},
    {"--default", aws_kms, "yes|no", "The manager that is meant where none is named", false,
     set_spec_truth<default_key>},
    {"--execute-on-delegate", aws_kms, "yes|no", "Ask from a delegate (default: yes)", false,
     set_spec_truth<delegate_key>},
    {"--ignore-test-connection", aws_kms, "yes|no", "connector test leaves it out (default: no)", false,
     set_spec_truth<ignore_key>},

    {"--host", pdc, "HOST[:PORT]", "A host (repeatable)", true, set_hosts},
    {"--credential", pdc, "REF", "The WinRM credential of its hosts", false, set_spec_text<credential_key>},
    {"--selector", aws_kms | pdc, "TAG", "A delegate that may use it (repeatable)", true,
     set_spec_list<selectors_key>},
};

Result<Entity> finished(Json form, const std::vector<SetField>& fields) {
    auto& inner = form.begin().value();
    // In the table's order, whatever the order of the words.
    for (const auto& option : options) {
        for (const auto& field : fields) {
            if (field.option != &option || field.values.empty()) continue;
            auto set = option.set(inner, field.values);
            if (!set.ok()) return wrong(fmt::format("{}: {}", option.flag, set.error().detail));
        }
    }
    MULLION_ASSIGN(Entity entity, entity_of(node_of(form), {}));
    MULLION_TRY(validate(entity));
    return entity;
}

}  // namespace

std::span<const FieldOption> field_options() {
    return options;
}

Result<Entity> made(std::string_view type, const Scope& scope, std::string_view id,
                    const std::vector<SetField>& fields) {
    Json inner{{"type", type}, {"name", id}, {"identifier", id}, {"spec", Json::object()}};
    if (!scope.org.empty()) inner["orgIdentifier"] = scope.org;
    if (!scope.project.empty()) inner["projectIdentifier"] = scope.project;
    const bool is_secret = type == "SecretText" || type == "SecretFile";
    if (is_secret) inner["spec"]["secretManagerIdentifier"] = builtin_manager_id;
    Json form;
    form[is_secret || type == "WinRmCredentials" ? "secret" : "connector"] = std::move(inner);
    return finished(std::move(form), fields);
}

Result<Entity> edited(const Entity& before, const std::vector<SetField>& fields) {
    return finished(form_of(before), fields);
}

}  // namespace mullion::secrets
