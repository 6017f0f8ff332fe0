#include "secrets/entities/validate.h"

#include <fmt/format.h>

#include <set>

#include "secrets/entities/checks.h"
#include "secrets/entities/credential.h"
#include "secrets/entities/identifier.h"
#include "secrets/entities/references.h"
#include "target/host_name.h"

namespace mullion::secrets {
namespace {

constexpr std::size_t longest_description = 4096;
constexpr std::size_t most_tags = 100;
constexpr std::size_t most_hosts = 10'000;
constexpr std::size_t most_attributes = 64;

std::optional<Fault> check_identifier_at(const char* field, const std::string& id) {
    auto good = check_identifier(id);
    return good.ok() ? std::nullopt : std::optional(Fault{field, good.error().detail});
}

std::optional<Fault> check_identity(const Entity& entity) {
    const auto& identity = entity.identity;
    MULLION_CHECK(check_identifier_at("identifier", identity.id));
    if (!identity.scope.org.empty()) MULLION_CHECK(check_identifier_at("orgIdentifier", identity.scope.org));
    if (!identity.scope.project.empty()) {
        MULLION_CHECK(check_identifier_at("projectIdentifier", identity.scope.project));
        if (identity.scope.org.empty())
            return Fault{"projectIdentifier",
                         "a project is of an organisation: orgIdentifier cannot be empty"};
    }
    if (identity.space != space_of(entity.spec))
        return Fault{"type", fmt::format("{} is kept among {}", kind_of(entity.spec),
                                         identity.space == Space::secret ? "connectors" : "secrets")};
    if (identity.space == Space::connector && identity.id == builtin_manager_id)
        return Fault{"identifier", fmt::format("{} is the built-in secret manager", builtin_manager_id)};
    return {};
}

std::optional<Fault> check_spec(const TextSecret& secret) {
    return check_reference("spec.secretManagerIdentifier", secret.manager,
                           "secretManagerIdentifier cannot be empty");
}

std::optional<Fault> check_spec(const FileSecret& secret) {
    const char* const field = "spec.fileName";
    MULLION_CHECK(check_reference("spec.secretManagerIdentifier", secret.manager,
                                  "secretManagerIdentifier cannot be empty"));
    MULLION_CHECK(check_line(field, secret.file_name, 255));
    if (secret.file_name.find('/') != std::string::npos)
        return Fault{field, "fileName is a name without folders"};
    return {};
}

std::optional<Fault> check_spec(const WinRmCredential& credential) {
    return check_credential(credential);
}

std::optional<Fault> check_spec(const AwsKmsConnector& connector) {
    return check_aws_kms(connector);
}

std::optional<Fault> check_spec(const PdcConnector& connector) {
    const char* const field = "spec.hosts";
    if (connector.hosts.size() > most_hosts)
        return Fault{field, fmt::format("there are more than {} hosts", most_hosts)};
    std::set<std::string_view> names;
    for (const auto& host : connector.hosts) {
        MULLION_CHECK(check_given(field, host.name, "hostname", 300));
        if (!target::parse_host_port(host.name))
            return Fault{field, fmt::format("'{}' is no HOST or HOST:PORT", host.name)};
        if (!names.insert(host.name).second)
            return Fault{field, fmt::format("the host {} is given twice", host.name)};
        MULLION_CHECK(check_pairs(field, host.attributes, most_attributes));
    }
    if (connector.credential)
        MULLION_CHECK(
            check_reference("spec.credential", *connector.credential, "credential cannot be empty"));
    return check_words("spec.delegateSelectors", connector.selectors, 64);
}

// ---- what is worth knowing ----

struct Notes {
    std::vector<std::string> all;

    void operator()(const TextSecret&) {}
    void operator()(const FileSecret&) {}
    void operator()(const PdcConnector&) {}
    void operator()(const WinRmCredential& credential) {
        if (credential.skip_cert_check && credential.use_ssl)
            all.emplace_back(
                "skipCertChecks is true: the host's certificate is not checked (noted at each use)");
        if (has_other_schemes_port(credential))
            all.push_back(fmt::format("port {} is the port {} SSL by default, and useSSL is {}",
                                      *credential.port, credential.use_ssl ? "without" : "with",
                                      credential.use_ssl));
    }
    void operator()(const AwsKmsConnector& connector) {
        const auto* const role = std::get_if<AwsAssumedRole>(&connector.credential);
        if (role != nullptr && role->seconds.value_or(0) > 3600)
            all.emplace_back(
                "assumeStsRoleDuration is over 3600: AWS takes no more where the machine's own credential is "
                "a "
                "role's session");
        const auto* const oidc = std::get_if<AwsOidc>(&connector.credential);
        if (oidc == nullptr) return;
        if (oidc->through_platform)
            all.emplace_back(
                "executeOnDelegate is false: there is no platform to connect through, so that its use is "
                "refused");
        if (oidc->token_file.empty() && oidc->token_command.empty())
            all.emplace_back("it names no token: give tokenFile or tokenCommand before it is used");
    }
};

}  // namespace

std::optional<Fault> fault_of(const Entity& entity) {
    MULLION_CHECK(check_identity(entity));
    if (auto name = check_name(entity.name); !name.ok()) return Fault{"name", name.error().detail};
    MULLION_CHECK(check_lines("description", entity.description, longest_description));
    MULLION_CHECK(check_pairs("tags", entity.tags, most_tags));
    return std::visit([](const auto& spec) { return check_spec(spec); }, entity.spec);
}

Result<void> validate(const Entity& entity) {
    const auto fault = fault_of(entity);
    if (!fault) return {};
    return Error(ErrorId::secrets_invalid,
                 fmt::format("{} ({} of {})", fault->what, fault->field, in_words(entity.identity)));
}

std::vector<std::string> notes_of(const Entity& entity) {
    Notes notes;
    std::visit(notes, entity.spec);
    return std::move(notes.all);
}

}  // namespace mullion::secrets
