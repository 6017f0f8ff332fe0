#include "secrets/store/seal.h"

#include <fmt/format.h>

#include "crypto/aead.h"

namespace mullion::secrets {
namespace {

std::string value_bytes(std::string_view label, std::string_view key_id, const ValueName& name) {
    const auto version = fmt::format("{}", name.version);
    return name_bytes(
        label, {key_id, name.account, name.scope.org, name.scope.project, name.id, version, name.field});
}

std::string record_bytes(std::string_view account, const storage::EntityRow& row) {
    const auto numbers =
        fmt::format("{} {} {} {} {}", row.place.space, row.current, row.latest, row.created, row.changed);
    return name_bytes("mullion record 1", {row.key, account, numbers, row.place.org, row.place.project,
                                           row.place.id, row.name, row.document, row.test});
}

}  // namespace

std::string name_bytes(std::string_view label, const std::vector<std::string_view>& parts) {
    std::string bytes(label);
    for (const auto part : parts) {
        for (int shift = 56; shift >= 0; shift -= 8)
            bytes += static_cast<char>(static_cast<std::uint64_t>(part.size()) >> shift & 0xFF);
        bytes += part;
    }
    return bytes;
}

SealedValue seal_value(const Secret& scope_key, std::string_view key_id, const ValueName& name,
                       const Secret& value, Random& random) {
    const Secret own = crypto::new_aead_key(random);
    return {crypto::seal(scope_key, value_bytes("mullion value key 1", key_id, name), own, random),
            crypto::seal(own, value_bytes("mullion value 1", key_id, name), value, random)};
}

std::optional<Secret> open_value(const Secret& scope_key, std::string_view key_id, const ValueName& name,
                                 std::string_view wrapped, std::string_view sealed) {
    if (wrapped.size() != crypto::aead_key_size + crypto::aead_overhead) return std::nullopt;
    const auto own = crypto::unseal(scope_key, value_bytes("mullion value key 1", key_id, name), wrapped);
    if (!own) return std::nullopt;
    return crypto::unseal(*own, value_bytes("mullion value 1", key_id, name), sealed);
}

std::string mark_of(const Secret& scope_key, std::string_view account, const storage::EntityRow& row,
                    Random& random) {
    return crypto::seal(scope_key, record_bytes(account, row), Secret(), random);
}

bool is_marked(const Secret& scope_key, std::string_view account, const storage::EntityRow& row) {
    return row.mark.size() == crypto::aead_overhead &&
           crypto::unseal(scope_key, record_bytes(account, row), row.mark).has_value();
}

WrapContext wrap_context(std::string_view account, const storage::ScopeKeyRow& key) {
    return {{"app", "mullion"},
            {"account", std::string(account)},
            {"scope", scope_text({key.holder.org, key.holder.project})},
            {"key", key.id}};
}

}  // namespace mullion::secrets
