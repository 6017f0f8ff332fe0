// The names of keys and roles, and the region that follows from them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace mullion::aws {

// What KMS calls KeyId, in its four forms: an id (UUID, or mrk- for a key of several regions), an alias, and
// the ARN of either.
struct KeyName {
    enum class Kind { key, alias } kind = Kind::key;
    std::string partition, region, account;  // Empty where it is no ARN.
    std::string id;                          // Of an alias without "alias/".

    [[nodiscard]] bool is_arn() const { return !partition.empty(); }
    [[nodiscard]] bool is_multi_region() const;
    [[nodiscard]] std::string text() const;  // As KMS takes it.
    bool operator==(const KeyName&) const = default;
};

// Errors: secrets.invalid ("Key Arn cannot be empty", and which part is wrong; alias/aws/… belongs to AWS's
// own services and wraps nothing of ours)
[[nodiscard]] Result<KeyName> parse_key_name(std::string_view text);

// Both name the same key material: equal, or replicas of one key of several regions.
[[nodiscard]] bool same_key(const KeyName& a, const KeyName& b);

struct RoleName {
    std::string partition, account, name;  // The name with its path.
    [[nodiscard]] std::string text() const;
};
// Errors: secrets.invalid ("Role Arn cannot be Empty.")
[[nodiscard]] Result<RoleName> parse_role_name(std::string_view text);

// The region to ask: the ARN's where there is one. `given` must agree with it, and may only be empty where
// `may_follow`; there is no default. Errors: secrets.invalid ("Region cannot be empty", or both regions)
[[nodiscard]] Result<std::string> region_of(const KeyName& key, std::string_view given, bool may_follow);

}  // namespace mullion::aws
