// What is sealed with what, and as whose (ADR 42). Nothing here reads or writes a file.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/ids.h"
#include "core/secret.h"
#include "secrets/entities/scope.h"
#include "secrets/managers/key_manager.h"
#include "storage/secrets_rows.h"

namespace mullion::secrets {

// The one value that a text or file secret has.
inline constexpr const char* value_field = "value";

// As whose a value is sealed: additional data of its key and of itself.
struct ValueName {
    std::string account;
    Scope scope;
    std::string id;
    std::uint32_t version = 0;
    std::string field = value_field;
};

// Each part behind its length, so that no two names have one text.
[[nodiscard]] std::string name_bytes(std::string_view label, const std::vector<std::string_view>& parts);

struct SealedValue {
    std::string wrapped;  // This version's own key, under the scope's.
    std::string sealed;   // The value, under that.
};
[[nodiscard]] SealedValue seal_value(const Secret& scope_key, std::string_view key_id, const ValueName& name,
                                     const Secret& value, Random& random);
// Nothing: it is not what was sealed, or not this one's.
[[nodiscard]] std::optional<Secret> open_value(const Secret& scope_key, std::string_view key_id,
                                               const ValueName& name, std::string_view wrapped,
                                               std::string_view sealed);

// Vouches for everything that a row says, under the key that it names.
[[nodiscard]] std::string mark_of(const Secret& scope_key, std::string_view account,
                                  const storage::EntityRow& row, Random& random);
[[nodiscard]] bool is_marked(const Secret& scope_key, std::string_view account,
                             const storage::EntityRow& row);

// Stands in AWS's own logs: ids, no names.
[[nodiscard]] WrapContext wrap_context(std::string_view account, const storage::ScopeKeyRow& key);

}  // namespace mullion::secrets
