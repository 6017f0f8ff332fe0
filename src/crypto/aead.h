// AES-256-GCM (NIST SP 800-38D): what is sealed can be read, and is taken for true, only by who has the key
// and names the same additional data.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.h"
#include "core/secret.h"

namespace mullion::crypto {

inline constexpr std::size_t aead_key_size = 32;
inline constexpr std::size_t aead_nonce_size =
    12;  // SP 800-38D 8.2.2: a random one of 96 bits, for 2^32 uses of a key.
inline constexpr std::size_t aead_tag_size = 16;
inline constexpr std::size_t aead_overhead = aead_nonce_size + aead_tag_size;

// 32 random bytes.
[[nodiscard]] Secret new_aead_key(Random& random);
// nonce | ciphertext | tag. A key that has not 32 bytes is a bug of the caller's.
[[nodiscard]] std::string seal(const Secret& key, std::string_view additional, const Secret& clear,
                               Random& random);
// Nothing: another key, other additional data, or not what was sealed.
[[nodiscard]] std::optional<Secret> unseal(const Secret& key, std::string_view additional,
                                           std::string_view sealed);

}  // namespace mullion::crypto
