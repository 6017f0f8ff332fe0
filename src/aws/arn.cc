#include "aws/arn.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "aws/endpoints.h"
#include "core/printable.h"

namespace mullion::aws {
namespace {

constexpr std::size_t most_key_name = 2048;  // KMS, KeyIdType.
constexpr std::size_t most_alias = 256;      // KMS, AliasNameType.

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_word(char c) {
    return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z');
}

bool all(std::string_view text, bool (*good)(char)) {
    return std::all_of(text.begin(), text.end(), good);
}

bool is_partition(std::string_view text) {
    return text.starts_with("aws") && text.size() <= 32 &&
           all(text, [](char c) { return is_lower(c) || c == '-'; });
}
bool is_account(std::string_view text) {
    return text.size() == 12 && all(text, is_digit);
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
        if (dash ? text[at] != '-' : !is_hex(text[at])) return false;
    }
    return true;
}
bool is_multi_region_id(std::string_view text) {
    return text.starts_with("mrk-") && text.size() == 36 && all(text.substr(4), is_hex);
}

bool is_key_in_arn(
    std::string_view text) {  // Custom key ids exist in emulators, so less is asked than of a bare id.
    return !text.empty() && text.size() <= 256 && all(text, [](char c) { return is_word(c) || c == '-'; });
}

Error wrong(std::string_view text, std::string_view why) {
    return Error(ErrorId::secrets_invalid,
                 fmt::format("'{}' names no KMS key: {}", one_line(text.substr(0, 200)), why));
}

Result<std::string> alias_name(std::string_view text, std::string_view alias) {
    const auto good = [](char c) { return is_word(c) || c == '/' || c == '_' || c == '-'; };
    if (alias.empty() || alias.size() > most_alias || !all(alias, good))
        return wrong(text, "an alias has letters, digits, '/', '_' and '-', 256 at most");
    if (alias.starts_with("aws/"))
        return wrong(text, "alias/aws/… are keys of AWS's own services; use a key or alias of yours");
    return std::string(alias);
}

// The text up to the next colon, which goes with it.
std::optional<std::string_view> take_part(std::string_view& rest) {
    const auto colon = rest.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto part = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
    return part;
}

// partition, service, region, account; what is left of `rest` is the resource.
std::optional<std::array<std::string_view, 4>> arn_parts(std::string_view& rest) {
    std::array<std::string_view, 4> parts;
    if (take_part(rest) != "arn") return std::nullopt;
    for (auto& part : parts) {
        const auto taken = take_part(rest);
        if (!taken) return std::nullopt;
        part = *taken;
    }
    return parts;
}

Result<KeyName> parse_key_arn(std::string_view text) {
    auto rest = text;
    const auto parts = arn_parts(rest);
    if (!parts) return wrong(text, "an ARN is arn:PARTITION:kms:REGION:ACCOUNT:key/ID");
    const auto& [partition, service, region, account] = *parts;
    if (!is_partition(partition))
        return wrong(text, "the partition is aws, aws-cn, aws-us-gov or another of AWS's");
    if (service != "kms") return wrong(text, "it is not an ARN of KMS");
    if (!is_region(region)) return wrong(text, "it has no region");
    if (!is_account(account)) return wrong(text, "an account is 12 digits");
    KeyName key{KeyName::Kind::key, std::string(partition), std::string(region), std::string(account), {}};
    if (rest.starts_with("alias/")) {
        key.kind = KeyName::Kind::alias;
        MULLION_ASSIGN(key.id, alias_name(text, rest.substr(6)));
    } else if (rest.starts_with("key/") && is_key_in_arn(rest.substr(4))) {
        key.id = rest.substr(4);
    } else {
        return wrong(text, "after the account comes key/ID or alias/NAME");
    }
    return key;
}

}  // namespace

bool KeyName::is_multi_region() const {
    return kind == Kind::key && is_multi_region_id(id);
}

std::string KeyName::text() const {
    const auto* const prefix = kind == Kind::alias ? "alias/" : is_arn() ? "key/" : "";
    if (!is_arn()) return prefix + id;
    return fmt::format("arn:{}:kms:{}:{}:{}{}", partition, region, account, prefix, id);
}

Result<KeyName> parse_key_name(std::string_view text) {
    if (text.empty()) return Error(ErrorId::secrets_invalid, "Key Arn cannot be empty");
    if (text.size() > most_key_name) return wrong(text, "it is longer than 2,048 characters");
    if (text.starts_with("arn:")) return parse_key_arn(text);
    KeyName key;
    if (text.starts_with("alias/")) {
        key.kind = KeyName::Kind::alias;
        MULLION_ASSIGN(key.id, alias_name(text, text.substr(6)));
        return key;
    }
    if (!is_uuid(text) && !is_multi_region_id(text))
        return wrong(text, "it is no ARN, no alias/NAME and no key id");
    key.id = text;
    return key;
}

bool same_key(const KeyName& a, const KeyName& b) {
    if (a == b) return true;
    return a.is_arn() && b.is_arn() && a.is_multi_region() && a.partition == b.partition &&
           a.account == b.account && a.id == b.id && b.kind == KeyName::Kind::key;
}

std::string RoleName::text() const {
    return fmt::format("arn:{}:iam::{}:role/{}", partition, account, name);
}

Result<RoleName> parse_role_name(std::string_view text) {
    if (text.empty()) return Error(ErrorId::secrets_invalid, "Role Arn cannot be Empty.");
    auto rest = text;
    const auto parts = text.size() >= 20 && text.size() <= 2048 ? arn_parts(rest) : std::nullopt;
    const auto good = [](char c) {
        return is_word(c) || std::string_view("/_+=,.@-").find(c) != std::string_view::npos;
    };
    if (!parts || !is_partition((*parts)[0]) || (*parts)[1] != "iam" || !(*parts)[2].empty() ||
        !is_account((*parts)[3]) || !rest.starts_with("role/") || rest.size() == 5 ||
        !all(rest.substr(5), good)) {
        return Error(ErrorId::secrets_invalid,
                     fmt::format("'{}' names no role: it is arn:PARTITION:iam::ACCOUNT:role/NAME",
                                 one_line(text.substr(0, 200))));
    }
    return RoleName{std::string((*parts)[0]), std::string((*parts)[3]), std::string(rest.substr(5))};
}

Result<std::string> region_of(const KeyName& key, std::string_view given, bool may_follow) {
    if (given.empty()) {
        if (may_follow && key.is_arn()) return key.region;
        return Error(ErrorId::secrets_invalid,
                     may_follow ? "Region cannot be empty where the key is not an ARN, which names one"
                                : "Region cannot be empty");
    }
    if (!is_region(given))
        return Error(ErrorId::secrets_invalid,
                     fmt::format("'{}' is no region", one_line(given.substr(0, 100))));
    if (!key.is_arn()) return std::string(given);
    if (key.region != given) {
        return Error(ErrorId::secrets_invalid,
                     fmt::format("the region is {}, but the key {} is of {}", given, key.text(), key.region));
    }
    if (partition_of(given).name != key.partition) {
        return Error(ErrorId::secrets_invalid,
                     fmt::format("the region {} is of the partition {}, the key {} of {}", given,
                                 partition_of(given).name, key.text(), key.partition));
    }
    return key.region;
}

}  // namespace mullion::aws
