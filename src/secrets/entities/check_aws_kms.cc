#include <fmt/format.h>

#include <algorithm>

#include "aws/arn.h"
#include "aws/endpoints.h"
#include "secrets/entities/checks.h"

namespace mullion::secrets {
namespace {

constexpr std::size_t most_selectors = 64;
constexpr std::uint32_t shortest_session = 900, longest_session = 43200;  // STS, DurationSeconds.
constexpr std::size_t shortest_external_id = 2, longest_external_id = 1224;

std::optional<Fault> wrong(std::string field, const Error& error) {
    return Fault{std::move(field), error.detail};
}

std::string role_of(const AwsKmsConnector& connector) {
    if (const auto* const role = std::get_if<AwsAssumedRole>(&connector.credential)) return role->role_arn;
    if (const auto* const oidc = std::get_if<AwsOidc>(&connector.credential)) return oidc->role_arn;
    return {};
}

// ---- the four credentials ----

std::optional<Fault> check_selectors(const AwsKmsConnector& connector) {
    const char* const field = "spec.credential.spec.delegateSelectors";
    if (connector.credential_selectors.empty()) return Fault{field, "DelegateSelectors cannot be Empty."};
    return check_words(field, connector.credential_selectors, most_selectors);
}

std::optional<Fault> check_role(const char* field, const std::string& role) {
    const auto name = aws::parse_role_name(role);
    return name.ok() ? std::nullopt : wrong(field, name.error());
}

// STS, ExternalId: [\w+=,.@:\/-]*
bool is_external_id(std::string_view text) {
    const auto good = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("_+=,.@:/-").find(c) != std::string_view::npos;
    };
    return text.size() >= shortest_external_id && text.size() <= longest_external_id &&
           std::all_of(text.begin(), text.end(), good);
}

std::optional<Fault> check_kind(const AwsKmsConnector&, const AwsKeys& keys) {
    MULLION_CHECK(
        check_reference("spec.credential.spec.accessKey", keys.access_key, "Access key cannot be empty."));
    return check_reference("spec.credential.spec.secretKey", keys.secret_key, "Secret key cannot be empty.");
}

std::optional<Fault> check_kind(const AwsKmsConnector& connector, const AwsRoleOfTheMachine&) {
    return check_selectors(connector);
}

std::optional<Fault> check_kind(const AwsKmsConnector& connector, const AwsAssumedRole& role) {
    MULLION_CHECK(check_selectors(connector));
    MULLION_CHECK(check_role("spec.credential.spec.roleArn", role.role_arn));
    if (!role.external_id.empty() && !is_external_id(role.external_id))
        return Fault{
            "spec.credential.spec.externalName",
            "externalName (the external ID) has 2 to 1224 letters, digits and characters of _+=,.@:/-"};
    if (role.seconds && (*role.seconds < shortest_session || *role.seconds > longest_session))
        return Fault{
            "spec.credential.spec.assumeStsRoleDuration",
            fmt::format("assumeStsRoleDuration is from {} to {} seconds", shortest_session, longest_session)};
    return {};
}

std::optional<Fault> check_kind(const AwsKmsConnector& connector, const AwsOidc& oidc) {
    MULLION_CHECK(check_words("spec.credential.spec.delegateSelectors", connector.credential_selectors,
                              most_selectors));
    MULLION_CHECK(check_role("spec.credential.spec.iamRoleArn", oidc.role_arn));
    const std::string command = "spec.credential.spec.tokenCommand";
    if (!oidc.token_file.empty() && !oidc.token_command.empty())
        return Fault{command, "tokenFile and tokenCommand are two tokens; one is wanted"};
    if (!oidc.token_file.empty())
        MULLION_CHECK(check_path("spec.credential.spec.tokenFile", oidc.token_file, "tokenFile"));
    MULLION_CHECK(check_words(command, oidc.token_command, 64));
    if (!oidc.token_command.empty())
        MULLION_CHECK(check_path(command, oidc.token_command.front(), "tokenCommand"));
    if (oidc.through_platform == connector.execute_on_delegate)
        return Fault{"spec.executeOnDelegate", "executeOnDelegate says the other than the connectivity mode"};
    return {};
}

// ---- the key ----

std::optional<Fault> check_region(const AwsKmsConnector& connector) {
    // Only access keys may leave it to the ARN, which is not known while it is a secret.
    const bool may_follow = std::holds_alternative<AwsKeys>(connector.credential);
    if (connector.region.empty())
        return may_follow ? std::nullopt : std::optional(Fault{"spec.region", "Region cannot be empty"});
    if (aws::is_region(connector.region)) return {};
    return Fault{"spec.region", fmt::format("'{}' is no region", connector.region.substr(0, 100))};
}

// Roles, keys and their region are of one partition: nothing crosses it.
std::optional<Fault> check_partition(const AwsKmsConnector& connector, std::string_view partition) {
    const auto role = role_of(connector);
    if (role.empty() || partition.empty()) return {};
    const auto name = aws::parse_role_name(role);
    if (!name.ok() || name->partition == partition) return {};
    return Fault{"spec.credential.spec", fmt::format("the role {} is of the partition {}, the key of {}",
                                                     role, name->partition, partition)};
}

std::optional<Fault> check_key(const AwsKmsConnector& connector) {
    MULLION_CHECK(check_line("spec.region", connector.region, 100));
    if (const auto* const secret = std::get_if<Reference>(&connector.key_arn)) {
        MULLION_CHECK(check_reference("spec.kmsArn", *secret, "Key Arn cannot be empty"));
        MULLION_CHECK(check_region(connector));
        if (connector.region.empty()) return {};
        return check_partition(connector, aws::partition_of(connector.region).name);
    }
    const auto& text = std::get<std::string>(connector.key_arn);
    const auto key = aws::parse_key_name(text);
    if (!key.ok()) return wrong(text.empty() ? "spec.kmsArn" : "spec.kmsArnInPlainText", key.error());
    MULLION_CHECK(check_region(connector));
    const bool may_follow = std::holds_alternative<AwsKeys>(connector.credential);
    const auto region = aws::region_of(*key, connector.region, may_follow);
    if (!region.ok()) return wrong("spec.region", region.error());
    return check_partition(connector, aws::partition_of(*region).name);
}

std::optional<Fault> check_endpoint(const char* field, const std::string& endpoint) {
    if (endpoint.empty()) return {};
    MULLION_CHECK(check_line(field, endpoint));
    const auto parsed = aws::parse_service_endpoint(endpoint);
    return parsed.ok() ? std::nullopt : wrong(field, parsed.error());
}

}  // namespace

std::optional<Fault> check_aws_kms(const AwsKmsConnector& connector) {
    MULLION_CHECK(
        std::visit([&](const auto& kind) { return check_kind(connector, kind); }, connector.credential));
    MULLION_CHECK(check_key(connector));
    MULLION_CHECK(check_endpoint("spec.endpoint", connector.endpoint));
    MULLION_CHECK(check_endpoint("spec.stsEndpoint", connector.sts_endpoint));
    return check_words("spec.delegateSelectors", connector.selectors, most_selectors);
}

}  // namespace mullion::secrets
