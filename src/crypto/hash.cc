#include "crypto/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/provider.h>

#include <cstdlib>

#include "crypto/openssl_owners.h"
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

// MD4 lives in OpenSSL's legacy provider, which is loaded into a library context of its own: the process's
// default stays without it.
class LegacyDigests {
public:
    LegacyDigests() : context_(OSSL_LIB_CTX_new()) {
        if (context_ == nullptr) return;
        provider_ = OSSL_PROVIDER_load(context_, "legacy");
        md4_.reset(EVP_MD_fetch(context_, "MD4", nullptr));
    }
    ~LegacyDigests() {
        md4_.reset();
        if (provider_ != nullptr) OSSL_PROVIDER_unload(provider_);
        OSSL_LIB_CTX_free(context_);
    }
    LegacyDigests(const LegacyDigests&) = delete;
    LegacyDigests& operator=(const LegacyDigests&) = delete;
    [[nodiscard]] const EVP_MD* md4() const { return md4_.get(); }

private:
    OSSL_LIB_CTX* context_;
    OSSL_PROVIDER* provider_ = nullptr;
    DigestOwner md4_;
};

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
    static const LegacyDigests legacy;
    if (legacy.md4() == nullptr) {
        return Error(ErrorId::auth_credentials,
                     "OpenSSL's legacy provider (MD4) cannot be loaded; it is part of libssl3");
    }
    auto wide = encoding::utf8_to_utf16(password.expose(), encoding::ByteOrder::little);
    if (!wide) return Error(ErrorId::auth_credentials, "the password is not UTF-8");
    std::string out = digest(legacy.md4(), *wide);
    wipe_memory(wide->data(), wide->size());
    Secret hash(out);
    wipe_memory(out.data(), out.size());
    return hash;
}

}  // namespace mullion::crypto
