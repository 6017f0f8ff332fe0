// KMS's questions and answers, JSON 1.1 with blobs as base64 (secrets.md 2.1). Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

namespace mullion::aws {

// Not secret: it stands in AWS's own logs. Exact and case-sensitive.
using EncryptionContext = std::map<std::string, std::string>;

constexpr std::size_t most_ciphertext = 6144;  // CiphertextType.
constexpr std::size_t most_plaintext = 4096;   // PlaintextType.

[[nodiscard]] std::string generate_data_key_json(std::string_view key, const EncryptionContext& context);
[[nodiscard]] Secret encrypt_json(std::string_view key, const Secret& plaintext,
                                  const EncryptionContext& context);
[[nodiscard]] std::string decrypt_json(std::string_view key, std::string_view blob,
                                       const EncryptionContext& context);
[[nodiscard]] std::string re_encrypt_json(std::string_view from, std::string_view to, std::string_view blob,
                                          const EncryptionContext& context);
[[nodiscard]] std::string describe_key_json(std::string_view key);

struct DataKey {
    Secret key;        // 32 bytes (AES_256).
    std::string blob;  // Raw.
    std::string arn;   // Of the key that wrapped it.
};
struct Opened {
    Secret plaintext;
    std::string arn;
};
struct Sealed {
    std::string blob;
    std::string arn;
};
struct KeyState {
    std::string arn;
    std::string state;  // Enabled, Disabled, PendingDeletion …
    std::string usage;  // ENCRYPT_DECRYPT …; empty, as the next two: it was not said.
    std::string spec;   // SYMMETRIC_DEFAULT …
    std::string origin;
    bool multi_region = false;

    [[nodiscard]] bool usable() const;  // For wrapping keys.
};

// Errors of all: aws.answer, which names what is missing or wrong.
[[nodiscard]] Result<DataKey> read_data_key(std::string_view body);
[[nodiscard]] Result<Opened> read_opened(std::string_view body);
[[nodiscard]] Result<Sealed> read_sealed(std::string_view body);
[[nodiscard]] Result<KeyState> read_key_state(std::string_view body);

}  // namespace mullion::aws
