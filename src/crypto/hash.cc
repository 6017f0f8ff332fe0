#include "crypto/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

#include "crypto/weak.h"
#include "encoding/utf16.h"

namespace mullion::crypto {
namespace {

std::string digest(const EVP_MD* algorithm, std::string_view bytes) {
    std::string out(static_cast<std::size_t>(EVP_MD_get_size(algorithm)), '\0');
    unsigned size = 0;
    // Fails only without memory, or with a provider that lacks the algorithm: nothing here could go on then.
    if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &size, algorithm,
                   nullptr) != 1) {
        std::abort();
    }
    return out;
}

}  // namespace

std::string sha1(std::string_view bytes) {
    return digest(EVP_sha1(), bytes);
}
std::string sha256(std::string_view bytes) {
    return digest(EVP_sha256(), bytes);
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    std::string out(32, '\0');
    unsigned size = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
             reinterpret_cast<unsigned char*>(out.data()), &size) == nullptr) {
        std::abort();
    }
    return out;
}

Result<Secret> nt_hash(const Secret& password) {
    auto wide = encoding::utf8_to_utf16(password.expose(), encoding::ByteOrder::little);
    if (!wide) return Error(ErrorId::auth_credentials, "the password is not UTF-8");
    WeakDigest digest = md4({*wide});
    wipe_memory(wide->data(), wide->size());
    Secret hash(view(digest));
    wipe_memory(digest.data(), digest.size());
    return hash;
}

}  // namespace mullion::crypto
