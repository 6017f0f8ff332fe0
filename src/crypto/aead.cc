#include "crypto/aead.h"

#include <openssl/evp.h>

#include <array>
#include <climits>
#include <cstdlib>
#include <memory>

namespace mullion::crypto {
namespace {

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }  // Wipes it.
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

enum class Way { unseal = 0, seal = 1 };

// Fails only without memory, or with a provider that lacks the algorithm: nothing here could go on then.
void need(int success) {
    if (success != 1) std::abort();
}

Context begin(Way way, const Secret& key, std::string_view nonce, std::string_view additional) {
    if (key.expose().size() != aead_key_size || additional.size() > INT_MAX) std::abort();
    Context context(EVP_CIPHER_CTX_new());
    need(context == nullptr ? 0 : 1);
    // GCM's nonce has 12 bytes where nothing else is said.
    need(EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key.expose()), bytes_of(nonce),
                           static_cast<int>(way)));
    int done = 0;
    need(EVP_CipherUpdate(context.get(), nullptr, &done, bytes_of(additional),
                          static_cast<int>(additional.size())));
    return context;
}

// `to` has room for as much as `from`.
void update(EVP_CIPHER_CTX* context, std::string_view from, unsigned char* to) {
    if (from.size() > INT_MAX) std::abort();
    int done = 0;
    if (!from.empty())
        need(EVP_CipherUpdate(context, to, &done, bytes_of(from), static_cast<int>(from.size())));
}

}  // namespace

Secret new_aead_key(Random& random) {
    std::array<std::uint8_t, aead_key_size> bytes{};
    random.fill(bytes);
    Secret key(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    wipe_memory(bytes.data(), bytes.size());
    return key;
}

std::string seal(const Secret& key, std::string_view additional, const Secret& clear, Random& random) {
    const std::string_view text = clear.expose();
    std::string sealed(text.size() + aead_overhead, '\0');
    auto* const out = reinterpret_cast<unsigned char*>(sealed.data());
    random.fill({out, aead_nonce_size});
    const Context context =
        begin(Way::seal, key, std::string_view(sealed).substr(0, aead_nonce_size), additional);
    update(context.get(), text, out + aead_nonce_size);
    int done = 0;
    auto* const tag = out + aead_nonce_size + text.size();
    need(EVP_CipherFinal_ex(context.get(), tag, &done));
    need(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, aead_tag_size, tag));
    return sealed;
}

std::optional<Secret> unseal(const Secret& key, std::string_view additional, std::string_view sealed) {
    if (sealed.size() < aead_overhead) return std::nullopt;
    const auto nonce = sealed.substr(0, aead_nonce_size);
    const auto text = sealed.substr(aead_nonce_size, sealed.size() - aead_overhead);
    std::string tag(sealed.substr(sealed.size() - aead_tag_size));
    const Context context = begin(Way::unseal, key, nonce, additional);
    std::string clear(text.size(), '\0');
    update(context.get(), text, reinterpret_cast<unsigned char*>(clear.data()));
    need(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, aead_tag_size, tag.data()));
    std::array<unsigned char, aead_tag_size> rest{};
    int done = 0;
    std::optional<Secret> opened;
    // Before this says yes, what was deciphered is nobody's.
    if (EVP_CipherFinal_ex(context.get(), rest.data(), &done) == 1) opened.emplace(clear);
    wipe(clear);
    return opened;
}

}  // namespace mullion::crypto
