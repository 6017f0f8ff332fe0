#include "crypto/passphrase_key.h"

#include <fmt/core.h>
#include <sodium.h>

#include <string>

#include "crypto/aead.h"

namespace mullion::crypto {

Secret argon2id(const Secret& passphrase, std::string_view salt, std::uint32_t passes,
                std::size_t memory_bytes, std::size_t size) {
    static_assert(argon2_salt_size == crypto_pwhash_SALTBYTES);
    static const bool ready = sodium_init() >= 0;
    const auto clear = passphrase.expose();
    if (!ready || salt.size() != argon2_salt_size) return {};
    std::string out(size, '\0');
    const int failed = crypto_pwhash(reinterpret_cast<unsigned char*>(out.data()), out.size(), clear.data(),
                                     clear.size(), reinterpret_cast<const unsigned char*>(salt.data()),
                                     passes, memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
    Secret key(failed == 0 ? std::string_view(out) : std::string_view());
    wipe(out);
    return key;
}

Result<Secret> key_from_passphrase(const Secret& passphrase, std::string_view salt, const Argon2Cost& cost) {
    if (passphrase.empty()) return Error(ErrorId::secrets_key, "the passphrase is empty");
    if (cost.passes < least_argon2.passes || cost.memory_kib < least_argon2.memory_kib) {
        return Error(
            ErrorId::secrets_key,
            fmt::format("{} passes over {} KiB are less than Argon2id is used with here ({} over {})",
                        cost.passes, cost.memory_kib, least_argon2.passes, least_argon2.memory_kib));
    }
    if (cost.passes > most_argon2.passes || cost.memory_kib > most_argon2.memory_kib) {
        return Error(ErrorId::secrets_key,
                     fmt::format("{} passes over {} KiB are more than is done for a passphrase", cost.passes,
                                 cost.memory_kib));
    }
    Secret key = argon2id(passphrase, salt, cost.passes, std::size_t{cost.memory_kib} * 1024, aead_key_size);
    if (key.empty()) {
        return Error(ErrorId::secrets_key,
                     fmt::format("Argon2id failed: {} MiB of memory are needed", cost.memory_kib / 1024));
    }
    return key;
}

}  // namespace mullion::crypto
