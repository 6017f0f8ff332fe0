#include <arpa/inet.h>
#include <fmt/core.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>

#include "crypto/certificate_parts.h"
#include "crypto/openssl_owners.h"
#include "crypto/x509.h"

namespace mullion::crypto {
namespace {

bool is_address(const std::string& name) {
    std::array<unsigned char, 16> bytes{};
    return inet_pton(AF_INET, name.c_str(), bytes.data()) == 1 ||
           inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1;
}

// A name reaches OpenSSL's configuration syntax below, so only what a host name or address needs is let
// through.
bool is_plain(const std::string& name) {
    if (name.empty() || name.size() > 253) return false;
    for (const char c : name) {
        const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          c == '.' || c == '-' || c == '_' || c == ':' || c == '*';
        if (!fine) return false;
    }
    return true;
}

bool set_names(X509* certificate, const Signer& signer, const std::string& name) {
    X509_NAME* subject = X509_get_subject_name(certificate);
    const auto common = name.substr(0, 64);  // ub-common-name
    return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(common.data()),
                                      static_cast<int>(common.size()), -1, 0) == 1 &&
           X509_set_issuer_name(certificate, X509_get_subject_name(signer.certificate)) == 1;
}

bool add_leaf_extensions(X509* certificate, const Signer& signer, const std::vector<std::string>& names,
                         KeyKind kind) {
    // Cipher suites without Diffie-Hellman encrypt to the key itself.
    const std::string usage =
        kind == KeyKind::rsa ? "critical,digitalSignature,keyEncipherment" : "critical,digitalSignature";
    std::string alternatives;
    for (const auto& name : names) {
        if (!alternatives.empty()) alternatives += ',';
        alternatives += (is_address(name) ? "IP:" : "DNS:") + name;
    }
    return add_extension(certificate, signer, NID_subject_alt_name, alternatives) &&
           add_extension(certificate, signer, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(certificate, signer, NID_key_usage, usage) &&
           add_extension(certificate, signer, NID_ext_key_usage, "serverAuth");
}

bool add_authority_extensions(X509* certificate, const Signer& signer) {
    return add_extension(certificate, signer, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
           add_extension(certificate, signer, NID_key_usage, "critical,keyCertSign,cRLSign");
}

// Without alternative names it is an authority's. Without a signer it signs itself.
Result<SelfSigned> make_certificate(const std::vector<std::string>& names, bool authority,
                                    const Signer* given, std::chrono::hours valid_for,
                                    KeyKind kind = KeyKind::ec) {
    if (names.empty()) return Error(ErrorId::tls_files, "a certificate needs a name");
    for (const auto& name : names) {
        if (!is_plain(name))
            return Error(ErrorId::tls_files, fmt::format("'{}' cannot be a certificate's name", name));
    }
    const KeyOwner key(kind == KeyKind::rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"));
    const X509Owner certificate(X509_new());
    if (!key || !certificate) return cannot_make("key");
    X509* x509 = certificate.get();
    const Signer signer = given != nullptr ? *given : Signer{x509, key.get()};
    if (X509_set_version(x509, X509_VERSION_3) != 1 || !set_serial(x509) || !set_times(x509, valid_for) ||
        X509_set_pubkey(x509, key.get()) != 1 || !set_names(x509, signer, names.front())) {
        return cannot_make("fields");
    }
    const bool extended =
        authority ? add_authority_extensions(x509, signer) : add_leaf_extensions(x509, signer, names, kind);
    if (!extended || !add_extension(x509, signer, NID_subject_key_identifier, "hash") ||
        (given != nullptr && !add_extension(x509, signer, NID_authority_key_identifier, "keyid"))) {
        return cannot_make("extensions");
    }
    if (X509_sign(x509, signer.key, EVP_sha256()) == 0) return cannot_make("signature");

    return in_pem(x509, key.get());
}

BioOwner reading(std::string_view bytes) {
    return BioOwner(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

}  // namespace

Result<SelfSigned> make_self_signed(const std::vector<std::string>& names, std::chrono::hours valid_for,
                                    KeyKind kind) {
    return make_certificate(names, false, nullptr, valid_for, kind);
}

Result<SelfSigned> make_authority(const std::string& name, std::chrono::hours valid_for) {
    return make_certificate({name}, true, nullptr, valid_for);
}

Result<SelfSigned> issue_certificate(const SelfSigned& authority, const std::vector<std::string>& names,
                                     std::chrono::hours valid_for) {
    const BioOwner certificate_in = reading(authority.certificate_pem);
    const BioOwner key_in = reading(authority.key_pem.expose());
    if (!certificate_in || !key_in) return cannot_make("memory");
    const X509Owner certificate(PEM_read_bio_X509(certificate_in.get(), nullptr, nullptr, nullptr));
    const KeyOwner key(PEM_read_bio_PrivateKey(key_in.get(), nullptr, nullptr, nullptr));
    if (!certificate || !key) return cannot_make("the authority");
    const Signer signer{certificate.get(), key.get()};
    return make_certificate(names, false, &signer, valid_for);
}

}  // namespace mullion::crypto
