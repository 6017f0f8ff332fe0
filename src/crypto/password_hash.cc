#include "crypto/password_hash.h"

#include <sodium.h>

#include <array>

namespace mullion::crypto {
namespace {

// OWASP's second choice and libsodium's "interactive" limits: 64 MiB, 2 passes.
constexpr unsigned long long passes = crypto_pwhash_OPSLIMIT_INTERACTIVE;
constexpr std::size_t memory = crypto_pwhash_MEMLIMIT_INTERACTIVE;

bool ready() {
    static const bool initialised = sodium_init() >= 0;
    return initialised;
}

}  // namespace

Result<std::string> hash_password(const Secret& password) {
    std::array<char, crypto_pwhash_STRBYTES> out{};
    const auto clear = password.expose();
    if (!ready() || crypto_pwhash_str_alg(out.data(), clear.data(), clear.size(), passes, memory,
                                          crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return Error(ErrorId::account_invalid, "Argon2id failed: 64 MiB of memory are needed");
    }
    return std::string(out.data());
}

bool verify_password(const std::string& hash, const Secret& password) {
    // Only what hash_password makes; libsodium would take Argon2i as well.
    if (!hash.starts_with(crypto_pwhash_argon2id_STRPREFIX) || hash.size() >= crypto_pwhash_STRBYTES)
        return false;
    const auto clear = password.expose();
    return ready() && crypto_pwhash_str_verify(hash.c_str(), clear.data(), clear.size()) == 0;
}

}  // namespace mullion::crypto
