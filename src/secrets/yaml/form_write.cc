#include <nlohmann/json.hpp>

#include <algorithm>

#include "secrets/entities/references.h"
#include "secrets/yaml/form.h"

namespace mullion::secrets {
namespace {

using Json = nlohmann::ordered_json;

Json texts(const std::vector<std::string>& all) {
    auto list = Json::array();
    for (const auto& one : all) list.push_back(one);
    return list;
}
Json pairs(const std::map<std::string, std::string>& all) {
    auto map = Json::object();
    for (const auto& [key, value] : all) map[key] = value;
    return map;
}
void put(Json& into, const char* key, const std::string& text) {
    if (!text.empty()) into[key] = text;
}
void put(Json& into, const char* key, const std::vector<std::string>& all) {
    if (!all.empty()) into[key] = texts(all);
}
void put(Json& into, const char* key, const Reference& reference) {
    if (!reference.id.empty()) into[key] = reference_text(reference);
}

// ---- secrets ----

Json spec_of(const TextSecret& secret) {
    Json spec;
    put(spec, "secretManagerIdentifier", secret.manager);
    spec["valueType"] = "Inline";
    return spec;
}

Json spec_of(const FileSecret& secret) {
    auto spec = Json::object();
    put(spec, "secretManagerIdentifier", secret.manager);
    put(spec, "fileName", secret.file_name);
    return spec;
}

// ---- WinRM credentials ----

void switches(Json& spec, const WinRmCredential& credential) {
    spec["useSSL"] = credential.use_ssl;
    spec["skipCertChecks"] = credential.skip_cert_check;
    spec["useNoProfile"] = credential.no_profile;
}

Json auth_of(const NtlmLogOn& log_on, const WinRmCredential& credential) {
    Json spec;
    spec["domain"] = log_on.domain;
    spec["username"] = log_on.username;
    put(spec, "password", log_on.password);
    switches(spec, credential);
    return {{"type", "NTLM"}, {"spec", spec}};
}

struct WriteTicket {
    Json& spec;
    void operator()(const TicketOfTheMachine&) const {}
    void operator()(const KeytabFile& keytab) const { put_ticket("KeyTabFilePath", "keyPath", keytab.path); }
    void operator()(const KeytabSecret& keytab) const { put_ticket("KeyTabFilePath", "keytab", keytab.file); }
    void operator()(const TicketByPassword& ticket) const {
        put_ticket("Password", "password", ticket.password);
    }
    template <class T>
    void put_ticket(const char* method, const char* key, const T& value) const {
        spec["tgtGenerationMethod"] = method;
        spec["spec"] = Json::object();
        put(spec["spec"], key, value);
    }
};

Json auth_of(const KerberosLogOn& log_on, const WinRmCredential& credential) {
    Json spec;
    spec["principal"] = log_on.principal;
    spec["realm"] = log_on.realm;
    put(spec, "kdcs", log_on.kdcs);
    switches(spec, credential);
    std::visit(WriteTicket{spec}, log_on.ticket);
    spec["reuseTicketWithinRun"] = log_on.reuse_within_a_run;
    return {{"type", "Kerberos"}, {"spec", spec}};
}

Json spec_of(const WinRmCredential& credential) {
    Json spec;
    if (credential.port) spec["port"] = *credential.port;
    spec["auth"] =
        std::visit([&](const auto& log_on) { return auth_of(log_on, credential); }, credential.log_on);
    spec["parameters"] = Json::array();
    for (const auto& [name, value] : credential.parameters)
        spec["parameters"].push_back({{"parameter", name}, {"value", value}});
    return spec;
}

// ---- connectors ----

struct WriteAwsCredential {
    const AwsKmsConnector& connector;
    Json operator()(const AwsKeys& keys) const {
        auto spec = Json::object();
        put(spec, "accessKey", keys.access_key);
        put(spec, "secretKey", keys.secret_key);
        return {{"type", "ManualConfig"}, {"spec", spec}};
    }
    Json operator()(const AwsRoleOfTheMachine&) const {
        return {{"type", "AssumeIAMRole"}, {"spec", selectors()}};
    }
    Json operator()(const AwsAssumedRole& role) const {
        auto spec = selectors();
        put(spec, "roleArn", role.role_arn);
        put(spec, "externalName", role.external_id);
        if (role.seconds) spec["assumeStsRoleDuration"] = *role.seconds;
        return {{"type", "AssumeSTSRole"}, {"spec", spec}};
    }
    Json operator()(const AwsOidc& oidc) const {
        auto spec = selectors();
        put(spec, "iamRoleArn", oidc.role_arn);
        put(spec, "tokenFile", oidc.token_file);
        put(spec, "tokenCommand", oidc.token_command);
        return {{"type", "OidcAuthentication"}, {"spec", spec}};
    }
    [[nodiscard]] Json selectors() const {
        return {{"delegateSelectors", texts(connector.credential_selectors)}};
    }
};

Json spec_of(const AwsKmsConnector& connector) {
    Json spec;
    spec["credential"] = std::visit(WriteAwsCredential{connector}, connector.credential);
    if (const auto* const arn = std::get_if<Reference>(&connector.key_arn))
        put(spec, "kmsArn", *arn);
    else
        put(spec, "kmsArnInPlainText", std::get<std::string>(connector.key_arn));
    put(spec, "region", connector.region);
    put(spec, "endpoint", connector.endpoint);
    put(spec, "stsEndpoint", connector.sts_endpoint);
    spec["delegateSelectors"] = texts(connector.selectors);
    spec["default"] = connector.is_default;
    spec["executeOnDelegate"] = connector.execute_on_delegate;
    spec["ignoreTestConnection"] = connector.ignore_test_connection;
    return spec;
}

Json spec_of(const PdcConnector& connector) {
    Json spec;
    spec["hosts"] = Json::array();
    for (const auto& host : connector.hosts) {
        Json one{{"hostname", host.name}};
        if (!host.attributes.empty()) one["attributes"] = pairs(host.attributes);
        spec["hosts"].push_back(std::move(one));
    }
    if (connector.credential) put(spec, "credential", *connector.credential);
    spec["delegateSelectors"] = texts(connector.selectors);
    return spec;
}

// ---- what differs ----

void flatten(const std::string& path, const Json& json, std::map<std::string, std::string>& into) {
    if (!json.is_object()) {
        into[path] = json.dump(-1, ' ', false, Json::error_handler_t::replace);
        return;
    }
    for (const auto& [key, value] : json.items()) flatten(path.empty() ? key : path + "." + key, value, into);
}

std::map<std::string, std::string> flat(const Entity& entity) {
    std::map<std::string, std::string> fields;
    const auto form = form_of(entity);
    flatten("", *form.begin(), fields);
    return fields;
}

}  // namespace

Json form_of(const Entity& entity) {
    Json inner;
    inner["type"] = kind_of(entity.spec);
    inner["name"] = entity.name;
    inner["identifier"] = entity.identity.id;
    put(inner, "orgIdentifier", entity.identity.scope.org);
    put(inner, "projectIdentifier", entity.identity.scope.project);
    inner["description"] = entity.description;
    inner["tags"] = pairs(entity.tags);
    inner["spec"] = std::visit([](const auto& spec) { return spec_of(spec); }, entity.spec);
    Json form;
    form[space_of(entity.spec) == Space::secret ? "secret" : "connector"] = std::move(inner);
    return form;
}

std::vector<std::string> changed_fields(const Entity& before, const Entity& after) {
    const auto old_fields = flat(before);
    const auto new_fields = flat(after);
    std::vector<std::string> changed;
    for (const auto& [field, value] : new_fields) {
        const auto old = old_fields.find(field);
        if (old == old_fields.end() || old->second != value) changed.push_back(field);
    }
    for (const auto& [field, value] : old_fields)
        if (!new_fields.contains(field)) changed.push_back(field);
    std::sort(changed.begin(), changed.end());
    return changed;
}

}  // namespace mullion::secrets
