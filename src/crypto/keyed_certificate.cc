#include "crypto/keyed_certificate.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "crypto/openssl_owners.h"
#include "crypto/wiped_free.h"

namespace mullion::crypto {
namespace {

using Pkcs12Owner = std::unique_ptr<PKCS12, Releases<PKCS12_free>>;
using Certificates = std::vector<X509Owner>;

constexpr std::size_t file_limit = 1024 * 1024;
constexpr std::size_t most_certificates = 32;

Error bad(const KeyedFiles& files, std::string_view what) {
    return {ErrorId::tls_files, fmt::format("{}: {}", files.where, what)};
}

Error locked(const KeyedFiles& files) {
    ERR_clear_error();
    return {ErrorId::tls_client_key_password,
            fmt::format("{}: {}", files.where,
                        files.password == nullptr ? "it is encrypted, and there is no password for it"
                                                  : "the password does not open it")};
}

BioOwner over(const Secret& bytes) {
    return BioOwner(BIO_new_mem_buf(bytes.expose().data(), static_cast<int>(bytes.expose().size())));
}

// What OpenSSL asks for a password, and whether it did.
struct Asked {
    const Secret* password = nullptr;
    bool asked = false;
};

int give_password(char* into, int size, int, void* user) {
    auto& asked = *static_cast<Asked*>(user);
    asked.asked = true;
    if (asked.password == nullptr || asked.password->expose().size() > static_cast<std::size_t>(size))
        return -1;  // Never the terminal.
    const auto text = asked.password->expose();
    std::memcpy(into, text.data(), text.size());
    return static_cast<int>(text.size());
}

// Who signed comes behind whom; what belongs to nobody is left out.
void put_in_order(Certificates& all) {
    for (std::size_t last = 0; last + 1 < all.size(); ++last) {
        const auto signer = std::find_if(
            all.begin() + static_cast<std::ptrdiff_t>(last) + 1, all.end(),
            [&](const auto& one) { return X509_check_issued(one.get(), all[last].get()) == X509_V_OK; });
        if (signer == all.end()) {
            all.resize(last + 1);
            return;
        }
        std::swap(*signer, all[last + 1]);
    }
}

Result<KeyedCertificate> write(const KeyedFiles& files, const Certificates& chain, EVP_PKEY* key) {
    const BioOwner out(BIO_new(BIO_s_mem()));
    const BioOwner key_out(BIO_new(BIO_s_secmem()));
    bool written = out && key_out;
    for (const auto& one : chain) written = written && PEM_write_bio_X509(out.get(), one.get()) == 1;
    written = written &&
              PEM_write_bio_PKCS8PrivateKey(key_out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1;
    if (!written) return bad(files, "it cannot be written as PEM: " + openssl_reason());
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    KeyedCertificate made;
    made.chain_pem.assign(text, static_cast<std::size_t>(size));
    const long key_size = BIO_get_mem_data(key_out.get(), &text);
    made.key_pem = Secret(std::string_view(text, static_cast<std::size_t>(key_size)));
    return made;
}

// The certificate that the key fits, first.
Result<KeyedCertificate> join(const KeyedFiles& files, Certificates all, EVP_PKEY* key) {
    const auto leaf = std::find_if(
        all.begin(), all.end(), [&](const auto& one) { return X509_check_private_key(one.get(), key) == 1; });
    ERR_clear_error();
    if (leaf == all.end())
        return Error(ErrorId::tls_client_key,
                     fmt::format("{}: none of {} certificates has this key", files.where, all.size()));
    std::swap(*leaf, all.front());
    put_in_order(all);
    return write(files, all, key);
}

// PEM texts are ASCII; DER of PKCS#12 begins with a SEQUENCE.
bool is_pkcs12(std::string_view bytes) {
    return !bytes.empty() && bytes.front() == '\x30';
}

Result<KeyedCertificate> read_pkcs12(const KeyedFiles& files) {
    if (!files.key.empty()) return bad(files, "a PKCS#12 file has its key inside: give no key file with it");
    const auto in = over(files.certificate);
    const Pkcs12Owner file(d2i_PKCS12_bio(in.get(), nullptr));
    if (!file) return bad(files, "neither PEM nor PKCS#12: " + openssl_reason());
    // No password is written in two ways, and a file says not which.
    const char* password = files.password == nullptr ? "" : files.password->expose().data();
    if (PKCS12_verify_mac(file.get(), password, -1) != 1) {
        if (files.password != nullptr || PKCS12_verify_mac(file.get(), nullptr, 0) != 1) return locked(files);
        password = nullptr;
    }
    EVP_PKEY* key = nullptr;
    X509* leaf = nullptr;
    STACK_OF(X509)* others = nullptr;
    const int parsed = PKCS12_parse(file.get(), password, &key, &leaf, &others);
    const KeyOwner key_owner(key);
    Certificates all;
    if (leaf != nullptr) all.emplace_back(leaf);
    while (others != nullptr && sk_X509_num(others) > 0) all.emplace_back(sk_X509_shift(others));
    sk_X509_free(others);
    if (parsed != 1)
        return bad(files, fmt::format("it cannot be read ({}); if it is encrypted with RC2, export it again "
                                      "with AES or 3DES",
                                      openssl_reason()));
    if (!key_owner || all.empty()) return bad(files, "there is no certificate with its key in it");
    if (all.size() > most_certificates) return bad(files, "there are too many certificates in it");
    return join(files, std::move(all), key_owner.get());
}

Result<Certificates> read_chain(const KeyedFiles& files) {
    const auto in = over(files.certificate);
    Certificates all;
    Asked asked;
    while (in && all.size() <= most_certificates) {
        ERR_clear_error();
        X509Owner one(PEM_read_bio_X509(in.get(), nullptr, give_password, &asked));
        if (!one) break;
        all.push_back(std::move(one));
    }
    const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (all.size() > most_certificates) return bad(files, "there are too many certificates in it");
    if (!ended)
        return bad(files, fmt::format("certificate {} cannot be read: {}", all.size() + 1, openssl_reason()));
    ERR_clear_error();
    if (all.empty()) return bad(files, "no certificate in PEM form");
    return all;
}

}  // namespace

Result<KeyedCertificate> read_keyed_certificate(const KeyedFiles& files) {
    const WipesFreed wiping;
    if (files.certificate.expose().size() > file_limit || files.key.expose().size() > file_limit)
        return bad(files, "it is too large");
    ERR_clear_error();
    if (is_pkcs12(files.certificate.expose())) return read_pkcs12(files);
    MULLION_ASSIGN(Certificates all, read_chain(files));
    const auto in = over(files.key.empty() ? files.certificate : files.key);
    Asked asked{files.password, false};
    const KeyOwner key(PEM_read_bio_PrivateKey(in.get(), nullptr, give_password, &asked));
    if (!key && asked.asked) return locked(files);
    if (!key) return bad(files, "no private key in PEM form: " + openssl_reason());
    return join(files, std::move(all), key.get());
}

}  // namespace mullion::crypto
