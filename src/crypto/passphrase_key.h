// A key from a passphrase: Argon2id (RFC 9106) by libsodium.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::crypto {

inline constexpr std::size_t argon2_salt_size = 16;

// Kept beside what the key opens. One lane, as libsodium has it.
struct Argon2Cost {
    std::uint32_t passes = 3;
    std::uint32_t memory_kib = 256 * 1024;
    bool operator==(const Argon2Cost&) const = default;
};
// OWASP's second choice. What asks for less was not written here: a key made with it could be guessed.
inline constexpr Argon2Cost least_argon2{2, 64 * 1024};
// What a file can have us spend: a minute or so, and 4 GiB.
inline constexpr Argon2Cost most_argon2{64, 4 * 1024 * 1024};

// 32 bytes. `salt` has 16. Errors: secrets.key (cost out of bounds, no memory, an empty passphrase)
[[nodiscard]] Result<Secret> key_from_passphrase(const Secret& passphrase, std::string_view salt,
                                                 const Argon2Cost& cost);

// The function itself, for published vectors: any cost that libsodium takes. Empty: it does not.
[[nodiscard]] Secret argon2id(const Secret& passphrase, std::string_view salt, std::uint32_t passes,
                              std::size_t memory_bytes, std::size_t size);

}  // namespace mullion::crypto
