// Wrapping keys by a key of KMS. Always with KeyId, and the ARN of the answer is compared. Blocks.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "aws/arn.h"
#include "aws/caller.h"
#include "aws/kms_messages.h"
#include "aws/sts.h"

namespace mullion::aws {

struct KmsPlace {
    Endpoint endpoint;
    std::string region;
};

class Kms {
public:
    // `sts` is asked who the caller is when KMS refuses, for the error's text. Both must outlive this.
    Kms(Caller& caller, KmsPlace place, CredentialProvider& credentials, Sts& sts)
        : caller_(caller), place_(std::move(place)), credentials_(credentials), sts_(sts) {}

    [[nodiscard]] Outcome<DataKey> generate_data_key(const KeyName& key, const EncryptionContext& context);
    [[nodiscard]] Outcome<Sealed> encrypt(const KeyName& key, const Secret& plaintext,
                                          const EncryptionContext& context);
    [[nodiscard]] Outcome<Secret> decrypt(const KeyName& key, std::string_view blob,
                                          const EncryptionContext& context);
    [[nodiscard]] Outcome<Sealed> re_encrypt(const KeyName& from, const KeyName& to, std::string_view blob,
                                             const EncryptionContext& context);
    [[nodiscard]] Outcome<KeyState> describe_key(const KeyName& key);
    [[nodiscard]] Outcome<CallerIdentity> caller_identity();

private:
    [[nodiscard]] Outcome<HttpAnswer> ask(const char* operation, const KeyName& key, Secret body);
    void name_who_and_where(Failure& failed, const KeyName& key);

    Caller& caller_;
    KmsPlace place_;
    CredentialProvider& credentials_;
    Sts& sts_;
    std::mutex mutex_;  // For the next one.
    std::optional<std::string> known_caller_;
};

}  // namespace mullion::aws
