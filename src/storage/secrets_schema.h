// The secret store's tables, and what its file must be. Internal to the room.
#pragma once

#include <string>

#include "core/ids.h"
#include "core/result.h"
#include "storage/sqlite.h"

namespace mullion::storage {

inline constexpr std::int64_t secrets_version = 2;
inline constexpr std::int64_t secrets_application = 0x4D756C53;  // "MulS"

// Sets how it is written; makes the tables where `create` and there are none. Errors: state.database,
// state.version
[[nodiscard]] Result<void> prepare_secrets(Database& database, const std::string& path, bool create,
                                           std::int64_t now, Random& random);
// Of a file that is only looked at. Errors: as above; also where its pages are not whole
[[nodiscard]] Result<void> check_secrets(Database& database, const std::string& path);

[[nodiscard]] Result<std::int64_t> number_of(Database& database, const char* sql);

}  // namespace mullion::storage
