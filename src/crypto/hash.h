// Digests and keyed digests. Results are raw bytes.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::crypto {

[[nodiscard]] std::string sha1(std::string_view bytes);
[[nodiscard]] std::string sha256(std::string_view bytes);
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view bytes);
// NTOWFv1: MD4 of the password in UTF-16LE, 16 bytes ([MS-NLMP] 3.3.1). Errors: auth.credentials (not UTF-8).
[[nodiscard]] Result<Secret> nt_hash(const Secret& password);

}  // namespace mullion::crypto
