// bcrypt by libxcrypt, loaded when it is first asked: for files that other programs read as well (htpasswd
// -B).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::crypto {

// Of "$2b$10$…" (also $2a and $2y) the 10: each more doubles the time, 10 is about 60 ms. Nothing: it is no
// such hash.
[[nodiscard]] std::optional<unsigned> bcrypt_cost(std::string_view hash);

// Slow by intent, so it is for workers, whose callers bound how many run. As everywhere the first 72 bytes of
// the password count. Errors: usage.unsupported (libcrypt.so.1 is not there, or does not know bcrypt)
[[nodiscard]] Result<bool> verify_bcrypt(const std::string& hash, const Secret& password);

}  // namespace mullion::crypto
