// Keys wrapped by a key of AWS KMS: a connector of type AwsKms in use.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "aws/arn.h"
#include "aws/caller.h"
#include "aws/kms.h"
#include "aws/refreshing.h"
#include "aws/sts.h"
#include "secrets/entities/entity.h"
#include "secrets/managers/delegate.h"
#include "secrets/managers/key_manager.h"

namespace mullion::secrets {

// What the connector refers to, opened by the store. What it has as text, or does not have, stays empty here.
struct AwsKmsValues {
    Secret access_key, secret_key;  // AwsKeys
    Secret key_arn;                 // Where key_arn is a reference.
};

class AwsKms final : public KeyManager {
public:
    // Everything that can be known to be wrong without asking anybody. What `world` refers to must outlive
    // it. Errors: secrets.invalid (in Harness's words), usage.unsupported (not this delegate's)
    [[nodiscard]] static Result<std::unique_ptr<AwsKms>> make(const AwsKmsConnector& connector,
                                                              AwsKmsValues values, const Delegate& delegate,
                                                              const aws::World& world);

    [[nodiscard]] Result<NewKey> generate(const WrapContext& context) override;
    [[nodiscard]] Result<Secret> unwrap(const WrappedKey& key, const WrapContext& context) override;
    // By ReEncrypt within a region; across regions the key is opened here and sealed again.
    [[nodiscard]] Result<WrappedKey> rewrap(const WrappedKey& key, const WrapContext& context) override;

    // For the connection's test.
    [[nodiscard]] aws::Kms& kms() { return *own_; }
    [[nodiscard]] aws::CredentialProvider& credentials() { return *credentials_; }
    [[nodiscard]] const aws::Caller& caller() const { return caller_; }
    [[nodiscard]] const aws::KeyName& key() const { return key_; }
    [[nodiscard]] const std::string& region() const { return region_; }

private:
    AwsKms(const aws::World& world, aws::KeyName key, std::string region, bool given_endpoint)
        : caller_(world), key_(std::move(key)), region_(std::move(region)), given_endpoint_(given_endpoint) {}

    // The name to open `key` by, and who opens it.
    struct Opener {
        aws::KeyName name;
        aws::Kms* kms = nullptr;
        std::string region;
    };
    [[nodiscard]] Result<Opener> opener_of(const WrappedKey& key);

    aws::Caller caller_;
    aws::KeyName key_;
    std::string region_;
    bool given_endpoint_;
    std::unique_ptr<aws::Sts> sts_;
    std::unique_ptr<aws::CredentialProvider> credentials_;
    std::unique_ptr<aws::Kms> own_;
    std::mutex mutex_;                                             // For the next one.
    std::map<std::string, std::unique_ptr<aws::Kms>> of_regions_;  // Where keys from before lie elsewhere.
};

}  // namespace mullion::secrets
