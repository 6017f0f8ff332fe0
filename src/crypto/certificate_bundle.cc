#include "crypto/certificate_bundle.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "crypto/openssl_owners.h"
#include "crypto/wiped_free.h"

namespace mullion::crypto {
namespace {

using Pkcs12Owner = std::unique_ptr<PKCS12, Releases<PKCS12_free>>;
using Certificates = std::vector<X509Owner>;

constexpr std::size_t file_limit = 1024 * 1024;
constexpr std::size_t most_certificates = 100;

Error bad(const std::string& where, std::string_view what) {
    ERR_clear_error();
    return {ErrorId::tls_files, fmt::format("{}: {}", where, what)};
}

int no_password(char*, int, int, void*) {
    return -1;  // Never the terminal.
}

Result<Certificates> from_pem(std::string_view text, const std::string& where) {
    const BioOwner in(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    Certificates all;
    while (in && all.size() <= most_certificates) {
        ERR_clear_error();
        X509Owner one(PEM_read_bio_X509(in.get(), nullptr, no_password, nullptr));
        if (!one) break;
        all.push_back(std::move(one));
    }
    const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (!ended && all.size() <= most_certificates)
        return bad(where, fmt::format("certificate {} cannot be read: {}", all.size() + 1, openssl_reason()));
    return all;
}

Result<Certificates> from_pkcs12(PKCS12* file, const Secret* given, const std::string& where) {
    // No password is written in two ways, and a file says not which.
    const char* password = given == nullptr ? "" : given->expose().data();
    if (PKCS12_verify_mac(file, password, -1) != 1) {
        if (given != nullptr || PKCS12_verify_mac(file, nullptr, 0) != 1) {
            ERR_clear_error();
            return Error(ErrorId::tls_client_key_password,
                         fmt::format("{}: {}", where,
                                     given == nullptr ? "it is encrypted, and there is no password for it"
                                                      : "the password does not open it"));
        }
        password = nullptr;
    }
    EVP_PKEY* key = nullptr;
    X509* leaf = nullptr;
    STACK_OF(X509)* others = nullptr;
    const int parsed = PKCS12_parse(file, password, &key, &leaf, &others);
    const KeyOwner key_owner(key);
    Certificates all;
    if (leaf != nullptr) all.emplace_back(leaf);
    while (others != nullptr && sk_X509_num(others) > 0) all.emplace_back(sk_X509_shift(others));
    sk_X509_free(others);
    if (parsed != 1) return bad(where, "it cannot be read: " + openssl_reason());
    return all;
}

// DER: one certificate, or PKCS#12.
Result<Certificates> from_der(std::string_view bytes, const Secret* password, const std::string& where) {
    const auto* cursor = reinterpret_cast<const unsigned char*>(bytes.data());
    const auto* end = cursor + bytes.size();
    Certificates all;
    X509Owner one(d2i_X509(nullptr, &cursor, static_cast<long>(bytes.size())));
    if (one) {
        if (cursor != end) return bad(where, "bytes follow the certificate");
        all.push_back(std::move(one));
        return all;
    }
    ERR_clear_error();
    cursor = reinterpret_cast<const unsigned char*>(bytes.data());
    const Pkcs12Owner file(d2i_PKCS12(nullptr, &cursor, static_cast<long>(bytes.size())));
    if (!file) return bad(where, "neither PEM nor a certificate nor PKCS#12: " + openssl_reason());
    return from_pkcs12(file.get(), password, where);
}

Result<BundledCertificate> written(X509* certificate, const std::string& where) {
    const BioOwner out(BIO_new(BIO_s_mem()));
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate, &bytes);
    if (!out || size < 0 || PEM_write_bio_X509(out.get(), certificate) != 1)
        return bad(where, "it cannot be written: " + openssl_reason());
    BundledCertificate one;
    one.der.assign(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    char* text = nullptr;
    const long length = BIO_get_mem_data(out.get(), &text);
    one.pem.assign(text, static_cast<std::size_t>(length));
    return one;
}

}  // namespace

Result<std::vector<BundledCertificate>> read_certificates(const Secret& bytes, const Secret* password,
                                                          const std::string& where) {
    const WipesFreed wiping;  // There may be a key beside them.
    const std::string_view text = bytes.expose();
    if (text.size() > file_limit) return bad(where, "it is too large");
    ERR_clear_error();
    const bool der = !text.empty() && text.front() == '\x30';  // A SEQUENCE; PEM texts are ASCII.
    auto all = der ? from_der(text, password, where) : from_pem(text, where);
    if (!all.ok()) return std::move(all).error();
    if (all->empty()) return bad(where, "there is no certificate in it");
    if (all->size() > most_certificates) return bad(where, "there are too many certificates in it");
    std::vector<BundledCertificate> out;
    for (const auto& one : *all) {
        MULLION_ASSIGN(auto made, written(one.get(), where));
        out.push_back(std::move(made));
    }
    ERR_clear_error();
    return out;
}

}  // namespace mullion::crypto
