#include "crypto/certificate_parts.h"

#include <fmt/core.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>

#include "crypto/openssl_owners.h"

namespace mullion::crypto {
namespace {

std::string pem_of(BIO* out) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    return {data, static_cast<std::size_t>(size)};
}

}  // namespace

Error cannot_make(std::string_view step) {
    return {ErrorId::tls_files, fmt::format("making a certificate: {}: {}", step, openssl_reason())};
}

bool add_extension(X509* certificate, const Signer& signer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, signer.certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    if (extension == nullptr) return false;
    const bool added = X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

bool set_serial(X509* certificate) {
    std::array<unsigned char, 20> bytes{};  // RFC 5280 4.1.2.2: positive, at most 20 octets.
    if (RAND_bytes(bytes.data(), bytes.size()) != 1) return false;
    bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7F) | 0x40);
    BIGNUM* number = BN_bin2bn(bytes.data(), bytes.size(), nullptr);
    const bool set =
        number != nullptr && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
    BN_free(number);
    return set;
}

bool set_times(X509* certificate, std::chrono::hours valid_for) {
    // An hour back, for clients whose clock is a little behind.
    return X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != nullptr &&
           X509_time_adj_ex(X509_getm_notAfter(certificate), static_cast<int>(valid_for.count() / 24),
                            (valid_for.count() % 24) * 3600, nullptr) != nullptr;
}

Result<SelfSigned> in_pem(X509* x509, EVP_PKEY* key) {
    const BioOwner certificate_out(BIO_new(BIO_s_mem()));
    const BioOwner key_out(BIO_new(BIO_s_secmem()));
    if (PEM_write_bio_X509(certificate_out.get(), x509) != 1 ||
        PEM_write_bio_PKCS8PrivateKey(key_out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
        return cannot_make("PEM");
    }
    char* key_text = nullptr;
    const long key_size = BIO_get_mem_data(key_out.get(), &key_text);
    return SelfSigned{pem_of(certificate_out.get()),
                      Secret(std::string_view(key_text, static_cast<std::size_t>(key_size)))};
}

}  // namespace mullion::crypto
