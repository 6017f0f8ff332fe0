// What ansible-vault is made of: PBKDF2 (RFC 8018 5.2) and AES-256 in counter mode (NIST SP 800-38A 6.5).
#pragma once

#include <string>
#include <string_view>

#include "core/secret.h"

namespace mullion::crypto {

// `size` bytes by HMAC-SHA256.
[[nodiscard]] Secret pbkdf2_hmac_sha256(const Secret& password, std::string_view salt, unsigned iterations,
                                        std::size_t size);

// Encrypting and decrypting are the same. `key` has 32 bytes, `counter` 16: both are the caller's to see to.
[[nodiscard]] Secret aes256_ctr(std::string_view key, std::string_view counter, std::string_view bytes);

}  // namespace mullion::crypto
