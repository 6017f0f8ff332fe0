// Argon2id by libsodium.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::crypto {

// "$argon2id$v=19$m=65536,t=2,p=1$…": 64 MiB and about 0.1 s each, so callers bound how many run at once.
[[nodiscard]] Result<std::string> hash_password(const Secret& password);
[[nodiscard]] bool verify_password(const std::string& hash, const Secret& password);

}  // namespace mullion::crypto
