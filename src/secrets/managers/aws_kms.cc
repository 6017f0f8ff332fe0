#include "secrets/managers/aws_kms.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <variant>

#include "aws/sources.h"

namespace mullion::secrets {
namespace {

constexpr std::uint32_t usual_seconds = 3600;

Error invalid(std::string detail) {
    return Error(ErrorId::secrets_invalid, std::move(detail));
}

// One line's end at its end, as an editor leaves it in a file secret, is not part of it.
std::string_view line_in(const Secret& value) {
    auto text = value.expose();
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text;
}

// Both stand in a header, or make its signature: with a blank or a line's end in it AWS would only say that
// they are wrong.
Result<Secret> access_key_part(const Secret& value, const char* called) {
    const auto text = line_in(value);
    if (text.empty()) return invalid(fmt::format("{} cannot be empty.", called));
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; }))
        return invalid(
            fmt::format("{} has a blank, a line's end or another character that none has: give "
                        "the secret again",
                        called));
    return Secret(text);
}

Result<aws::KeyName> key_of(const AwsKmsConnector& connector, const AwsKmsValues& values) {
    if (const auto* const text = std::get_if<std::string>(&connector.key_arn))
        return aws::parse_key_name(*text);
    return aws::parse_key_name(line_in(values.key_arn));
}

Result<aws::AssumeRole> role_of(const std::string& arn, const std::string& region, const Delegate& delegate) {
    MULLION_ASSIGN(const auto role, aws::parse_role_name(arn));
    if (role.partition != aws::partition_of(region).name) {
        return invalid(fmt::format("the role {} is of the partition {}, the region {} of {}", role.text(),
                                   role.partition, region, aws::partition_of(region).name));
    }
    return aws::AssumeRole{role.text(), aws::session_name(delegate.name), {}, usual_seconds};
}

// What credentials are made with.
struct Making {
    aws::Caller& caller;
    aws::Sts& sts;
    const std::string& region;
    const Delegate& delegate;
    AwsKmsValues values;

    using Made = Result<std::unique_ptr<aws::CredentialSource>>;

    Made operator()(const AwsKeys&) {
        MULLION_ASSIGN(auto access_key, access_key_part(values.access_key, "Access key"));
        MULLION_ASSIGN(auto secret_key, access_key_part(values.secret_key, "Secret key"));
        return aws::given_keys(std::move(access_key), std::move(secret_key), {});
    }
    Made operator()(const AwsRoleOfTheMachine&) {
        return aws::machine_role(caller, {sts, aws::session_name(delegate.name), false});
    }
    Made operator()(const AwsAssumedRole& wanted) {
        MULLION_ASSIGN(auto role, role_of(wanted.role_arn, region, delegate));
        role.external_id = wanted.external_id;
        role.seconds = wanted.seconds.value_or(usual_seconds);
        MULLION_TRY(aws::check(role));
        auto base = std::make_unique<aws::RefreshingCredentials>(
            aws::machine_role(caller, {sts, aws::session_name(delegate.name), true}), caller.world().clock);
        return aws::assumed_role(sts, {std::move(role), wanted.seconds.has_value()}, std::move(base));
    }
    Made operator()(const AwsOidc& wanted) {
        MULLION_ASSIGN(auto role, role_of(wanted.role_arn, region, delegate));
        if (wanted.token_file.empty() == wanted.token_command.empty())
            return invalid("OIDC needs the token from a file or from a command, one of them");
        return aws::web_identity(sts, std::move(role), {wanted.token_file, wanted.token_command});
    }
};

}  // namespace

Result<std::unique_ptr<AwsKms>> AwsKms::make(const AwsKmsConnector& connector, AwsKmsValues values,
                                             const Delegate& delegate, const aws::World& world) {
    MULLION_TRY(may_act(delegate, connector));
    MULLION_ASSIGN(auto key, key_of(connector, values));
    const bool may_follow = std::holds_alternative<AwsKeys>(connector.credential);
    MULLION_ASSIGN(auto region, aws::region_of(key, connector.region, may_follow));
    MULLION_ASSIGN(auto kms_endpoint, aws::service_endpoint("kms", region, connector.endpoint));
    MULLION_ASSIGN(auto sts_endpoint, aws::service_endpoint("sts", region, connector.sts_endpoint));

    std::unique_ptr<AwsKms> made(
        new AwsKms(world, std::move(key), std::move(region), !connector.endpoint.empty()));
    made->sts_ = std::make_unique<aws::Sts>(made->caller_, std::move(sts_endpoint), made->region_);
    Making making{made->caller_, *made->sts_, made->region_, delegate, std::move(values)};
    MULLION_ASSIGN(auto source, std::visit(making, connector.credential));
    made->credentials_ = std::make_unique<aws::RefreshingCredentials>(std::move(source), world.clock);
    made->own_ =
        std::make_unique<aws::Kms>(made->caller_, aws::KmsPlace{std::move(kms_endpoint), made->region_},
                                   *made->credentials_, *made->sts_);
    return made;
}

Result<AwsKms::Opener> AwsKms::opener_of(const WrappedKey& key) {
    const auto name = aws::parse_key_name(key.manager_key);
    if (!name.ok() || !name->is_arn() || name->kind != aws::KeyName::Kind::key)
        return Error(ErrorId::secrets_tampered,
                     "the wrapped key does not say by which key of KMS it is wrapped");
    // A replica opens what its twin wrapped, wherever that was.
    if (aws::same_key(key_, *name)) return Opener{key_, own_.get(), region_};
    // The name stands in the store as its writer left it. Somebody else's writer could have named a key of
    // their own, which our credentials may well be allowed to use: they would know what we seal from then on.
    if (key_.is_arn() && (name->partition != key_.partition || name->account != key_.account)) {
        return Error(ErrorId::secrets_tampered,
                     fmt::format("it is wrapped by {}, of another account than the connector's key {}; where "
                                 "that was changed, change it back, and give the values another manager",
                                 name->text(), key_.text()));
    }
    if (name->region == region_) return Opener{*name, own_.get(), region_};
    if (given_endpoint_) {
        return Error(ErrorId::secrets_key,
                     fmt::format("it is wrapped by {}, and the connector's endpoint is of the region {}",
                                 name->text(), region_));
    }
    MULLION_ASSIGN(auto endpoint, aws::service_endpoint("kms", name->region, ""));
    const std::lock_guard lock(mutex_);
    auto& kms = of_regions_[name->region];
    if (!kms)
        kms = std::make_unique<aws::Kms>(caller_, aws::KmsPlace{std::move(endpoint), name->region},
                                         *credentials_, *sts_);
    return Opener{*name, kms.get(), name->region};
}

Result<NewKey> AwsKms::generate(const WrapContext& context) {
    MULLION_ASSIGN(auto made, own_->generate_data_key(key_, context).result());
    return NewKey{std::move(made.key), {std::move(made.arn), std::move(made.blob)}};
}

Result<Secret> AwsKms::unwrap(const WrappedKey& key, const WrapContext& context) {
    MULLION_ASSIGN(const auto opener, opener_of(key));
    return opener.kms->decrypt(opener.name, key.blob, context).result();
}

Result<WrappedKey> AwsKms::rewrap(const WrappedKey& key, const WrapContext& context) {
    MULLION_ASSIGN(const auto opener, opener_of(key));
    if (opener.region == region_) {
        MULLION_ASSIGN(auto sealed, own_->re_encrypt(opener.name, key_, key.blob, context).result());
        return WrappedKey{std::move(sealed.arn), std::move(sealed.blob)};
    }
    MULLION_ASSIGN(const auto opened, opener.kms->decrypt(opener.name, key.blob, context).result());
    MULLION_ASSIGN(auto sealed, own_->encrypt(key_, opened, context).result());
    return WrappedKey{std::move(sealed.arn), std::move(sealed.blob)};
}

}  // namespace mullion::secrets
