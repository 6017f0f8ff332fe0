#include "crypto/client_certificate.h"

#include <fmt/core.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "crypto/certificate_parts.h"
#include "crypto/openssl_owners.h"

namespace mullion::crypto {
namespace {

using Names = std::unique_ptr<GENERAL_NAMES, Releases<GENERAL_NAMES_free>>;

constexpr std::size_t longest_common_name = 64;  // RFC 5280, ub-common-name

// As an otherName 1.3.6.1.4.1.311.20.2.3. By hand: in the syntax of OpenSSL's configuration a name could say
// more than itself.
bool add_upn(X509* certificate, const std::string& upn) {
    const Names names(GENERAL_NAMES_new());
    GENERAL_NAME* name = GENERAL_NAME_new();
    if (!names || name == nullptr || sk_GENERAL_NAME_push(names.get(), name) == 0) {
        GENERAL_NAME_free(name);
        return false;
    }
    ASN1_UTF8STRING* text = ASN1_UTF8STRING_new();
    ASN1_TYPE* value = ASN1_TYPE_new();
    if (text == nullptr || value == nullptr ||
        ASN1_STRING_set(text, upn.data(), static_cast<int>(upn.size())) != 1) {
        ASN1_UTF8STRING_free(text);
        ASN1_TYPE_free(value);
        return false;
    }
    ASN1_TYPE_set(value, V_ASN1_UTF8STRING, text);
    if (GENERAL_NAME_set0_othername(name, OBJ_nid2obj(NID_ms_upn), value) != 1) {
        ASN1_TYPE_free(value);
        return false;
    }
    return X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, 0) == 1;
}

bool set_common_name(X509* certificate, const std::string& user) {
    X509_NAME* subject = X509_get_subject_name(certificate);
    return X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(user.data()),
                                      static_cast<int>(user.size()), -1, 0) == 1 &&
           X509_set_issuer_name(certificate, subject) == 1;
}

}  // namespace

Result<SelfSigned> make_client_certificate(const std::string& user, const std::string& upn, KeyKind kind,
                                           std::chrono::hours valid_for) {
    if (user.empty() || user.size() > longest_common_name)
        return Error(ErrorId::tls_files,
                     fmt::format("a certificate's name has 1 to {} bytes", longest_common_name));
    const bool rsa = kind == KeyKind::rsa;
    const KeyOwner key(rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"));
    const X509Owner certificate(X509_new());
    if (!key || !certificate) return cannot_make("key");
    X509* x509 = certificate.get();
    const Signer signer{x509, key.get()};
    if (X509_set_version(x509, X509_VERSION_3) != 1 || !set_serial(x509) || !set_times(x509, valid_for) ||
        X509_set_pubkey(x509, key.get()) != 1 || !set_common_name(x509, user)) {
        return cannot_make("fields");
    }
    const char* const uses = rsa ? "critical,digitalSignature,keyEncipherment" : "critical,digitalSignature";
    if (!add_upn(x509, upn) || !add_extension(x509, signer, NID_key_usage, uses) ||
        !add_extension(x509, signer, NID_ext_key_usage, "clientAuth") ||
        !add_extension(x509, signer, NID_subject_key_identifier, "hash")) {
        return cannot_make("extensions");
    }
    if (X509_sign(x509, key.get(), EVP_sha256()) == 0) return cannot_make("signature");
    return in_pem(x509, key.get());
}

}  // namespace mullion::crypto
