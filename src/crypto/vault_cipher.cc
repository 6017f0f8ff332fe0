#include "crypto/vault_cipher.h"

#include <openssl/evp.h>

#include <climits>
#include <cstdlib>
#include <memory>

namespace mullion::crypto {
namespace {

unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}
const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

Secret taken(std::string& bytes) {
    Secret secret(bytes);
    wipe_memory(bytes.data(), bytes.size());
    return secret;
}

}  // namespace

// Both fail only without memory, or with a provider that lacks the algorithm: nothing here could go on then.
Secret pbkdf2_hmac_sha256(const Secret& password, std::string_view salt, unsigned iterations,
                          std::size_t size) {
    std::string out(size, '\0');
    const std::string_view clear = password.expose();
    if (PKCS5_PBKDF2_HMAC(clear.data(), static_cast<int>(clear.size()), bytes_of(salt),
                          static_cast<int>(salt.size()), static_cast<int>(iterations), EVP_sha256(),
                          static_cast<int>(size), bytes_of(out)) != 1) {
        std::abort();
    }
    return taken(out);
}

Secret aes256_ctr(std::string_view key, std::string_view counter, std::string_view bytes) {
    const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context(EVP_CIPHER_CTX_new());
    std::string out(bytes.size(), '\0');
    int size = 0;
    if (key.size() != 32 || counter.size() != 16 || bytes.size() > INT_MAX || context == nullptr ||
        EVP_EncryptInit_ex(context.get(), EVP_aes_256_ctr(), nullptr, bytes_of(key), bytes_of(counter)) !=
            1 ||
        EVP_EncryptUpdate(context.get(), bytes_of(out), &size, bytes_of(bytes),
                          static_cast<int>(bytes.size())) != 1) {
        std::abort();
    }
    return taken(out);
}

}  // namespace mullion::crypto
