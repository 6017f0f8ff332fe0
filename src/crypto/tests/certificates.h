// Certificates of every kind that a client must tell apart, made in memory.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace mullion::crypto::testing {

inline std::string pem_of(BIO* bio) {
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio, &text);
    std::string pem(text, static_cast<std::size_t>(size));
    BIO_free(bio);
    return pem;
}

struct Pair {
    std::shared_ptr<X509> certificate;
    std::shared_ptr<EVP_PKEY> key;
    [[nodiscard]] std::string pem() const {
        BIO* bio = BIO_new(BIO_s_mem());
        PEM_write_bio_X509(bio, certificate.get());
        return pem_of(bio);
    }
    [[nodiscard]] std::string key_pem(const char* password = nullptr) const {
        BIO* bio = BIO_new(BIO_s_mem());
        PEM_write_bio_PKCS8PrivateKey(bio, key.get(), password ? EVP_aes_128_cbc() : nullptr, password,
                                      password ? static_cast<int>(std::string_view(password).size()) : 0,
                                      nullptr, nullptr);
        return pem_of(bio);
    }
};

struct Wish {
    std::string common_name = "host";
    std::string alternative = "DNS:localhost,IP:127.0.0.1,IP:::1";  // As openssl.cnf writes it.
    int from_days = -1;
    int until_days = 30;
    bool authority = false;
    long serial = 1;
    std::string use = {};  // extendedKeyUsage; empty: none.
};

inline void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

// Signed by `issuer`, or by itself.
inline Pair make(const Wish& wish, const Pair* issuer = nullptr) {
    Pair made{{X509_new(), X509_free}, {EVP_EC_gen("P-256"), EVP_PKEY_free}};
    X509* one = made.certificate.get();
    X509_set_version(one, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(one), wish.serial);
    X509_gmtime_adj(X509_getm_notBefore(one), 86400L * wish.from_days);
    X509_gmtime_adj(X509_getm_notAfter(one), 86400L * wish.until_days);
    X509_set_pubkey(one, made.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(one), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wish.common_name.c_str()), -1, -1, 0);
    X509* above = issuer ? issuer->certificate.get() : one;
    X509_set_issuer_name(one, X509_get_subject_name(above));
    extend(one, above, NID_basic_constraints, wish.authority ? "critical,CA:TRUE" : "CA:FALSE");
    extend(one, above, NID_subject_key_identifier, "hash");
    if (wish.authority) extend(one, above, NID_key_usage, "critical,keyCertSign,cRLSign");
    if (!wish.authority && !wish.alternative.empty())
        extend(one, above, NID_subject_alt_name, wish.alternative);
    if (!wish.use.empty()) extend(one, above, NID_ext_key_usage, wish.use);
    X509_sign(one, issuer ? issuer->key.get() : made.key.get(), EVP_sha256());
    return made;
}

inline std::string revocation_list(const Pair& issuer, const std::vector<long>& serials,
                                   int until_days = 30) {
    X509_CRL* list = X509_CRL_new();
    X509_CRL_set_version(list, 1);
    X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer.certificate.get()));
    ASN1_TIME* time = ASN1_TIME_new();
    X509_gmtime_adj(time, -86400L * 60);
    X509_CRL_set1_lastUpdate(list, time);
    for (const long serial : serials) {
        X509_REVOKED* revoked = X509_REVOKED_new();
        ASN1_INTEGER* number = ASN1_INTEGER_new();
        ASN1_INTEGER_set(number, serial);
        X509_REVOKED_set_serialNumber(revoked, number);
        X509_REVOKED_set_revocationDate(revoked, time);
        X509_CRL_add0_revoked(list, revoked);
        ASN1_INTEGER_free(number);
    }
    X509_gmtime_adj(time, 86400L * until_days);
    X509_CRL_set1_nextUpdate(list, time);
    ASN1_TIME_free(time);
    X509_CRL_sign(list, issuer.key.get(), EVP_sha256());
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509_CRL(bio, list);
    X509_CRL_free(list);
    return pem_of(bio);
}

class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "mullion-net-XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string path() const { return path_.string(); }
    [[nodiscard]] std::string write(const std::string& name, const std::string& content) const {
        std::ofstream(path_ / name, std::ios::binary) << content;
        return (path_ / name).string();
    }

private:
    std::filesystem::path path_;
};

}  // namespace mullion::crypto::testing
