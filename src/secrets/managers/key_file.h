// This machine's key, as text: what a store is worth nothing without.
//
//   mullion-store-key 1
//   protection none                            or: protection argon2id PASSES KIB SALT
//   key 1 BASE64                               32 bytes; under a passphrase sealed: 60
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "core/secret.h"
#include "crypto/passphrase_key.h"

namespace mullion::secrets {

inline constexpr std::size_t largest_key_file = 8 * 1024;
inline constexpr std::size_t most_keys = 16;

struct KeyFile {
    struct Protection {
        crypto::Argon2Cost cost;
        std::string salt;  // 16 bytes.
    };
    struct Key {
        std::uint32_t number = 0;
        Secret bytes;  // As they stand there: clear, or sealed.
    };
    std::optional<Protection> protection;
    std::vector<Key> keys;  // Ascending; the last one wraps what is new.
};

// Errors: secrets.key
[[nodiscard]] Result<KeyFile> parse_key_file(std::string_view text);
[[nodiscard]] Secret key_file_text(const KeyFile& file);

// The keys themselves. Errors: secrets.key (another passphrase, or none where one is needed)
[[nodiscard]] Result<std::vector<KeyFile::Key>> open_keys(const KeyFile& file, const Secret& passphrase);
// A file that has these keys; under a passphrase, when there is one. Errors: secrets.key (Argon2id)
[[nodiscard]] Result<KeyFile> close_keys(const std::vector<KeyFile::Key>& keys, const Secret& passphrase,
                                         const crypto::Argon2Cost& cost, Random& random);

// What stands in front of a key that was wrapped: by which key, so that another one is told from a touched
// one.
struct WrappedParts {
    std::string_view key_id;  // 8 bytes.
    std::string_view sealed;
};
[[nodiscard]] std::optional<WrappedParts> parse_wrapped(std::string_view blob);
[[nodiscard]] std::string wrapped_blob(std::string_view key_id, std::string_view sealed);
[[nodiscard]] std::string key_id_of(const Secret& key);

}  // namespace mullion::secrets
