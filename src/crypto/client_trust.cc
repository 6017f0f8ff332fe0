#include "crypto/client_trust.h"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "crypto/hash.h"
#include "crypto/openssl_owners.h"
#include "crypto/x509.h"
#include "encoding/hex.h"

namespace mullion::crypto {
namespace {

using CrlOwner = std::unique_ptr<X509_CRL, Releases<X509_CRL_free>>;
using StoreOwner = std::unique_ptr<X509_STORE, Releases<X509_STORE_free>>;
using ContextOwner = std::unique_ptr<X509_STORE_CTX, Releases<X509_STORE_CTX_free>>;

constexpr std::size_t longest_certificate = 16 * 1024;
constexpr int deepest = 10;

int no_password(char*, int, int, void*) {
    return -1;
}

std::string thumbprint_of(X509* certificate) {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate, &bytes);
    if (size < 0) return {};
    std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return encoding::to_upper_hex(sha1(der));
}

Error not_believed(std::string_view why) {
    ERR_clear_error();
    return {ErrorId::auth_rejected, fmt::format("client certificate: {}", why)};
}

// Everything of one kind in a PEM text; what cannot be read is an error, not the end.
template <class Owner, class Read>
Result<std::vector<Owner>> read_all(const ClientTrust::Text& text, Read read) {
    std::vector<Owner> all;
    const BioOwner in(BIO_new_mem_buf(text.pem.data(), static_cast<int>(text.pem.size())));
    while (in) {
        ERR_clear_error();
        Owner one(read(in.get(), nullptr, no_password, nullptr));
        if (!one) break;
        all.push_back(std::move(one));
    }
    const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    const auto reason = openssl_reason();
    if (!ended || all.empty())
        return Error(ErrorId::tls_files,
                     fmt::format("{}: {}", text.name, ended ? "nothing in PEM form" : reason));
    return all;
}

}  // namespace

struct ClientTrust::Store {
    StoreOwner certificates{X509_STORE_new()};
    std::vector<CrlOwner> lists;
    std::vector<std::string> thumbprints;

    [[nodiscard]] bool has_list_of(const X509_NAME* issuer) const {
        return std::any_of(lists.begin(), lists.end(), [&](const auto& list) {
            return X509_NAME_cmp(X509_CRL_get_issuer(list.get()), issuer) == 0;
        });
    }
};

Result<ClientTrust> ClientTrust::make(const std::vector<Text>& certificates,
                                      const std::vector<Text>& revocation_lists) {
    auto store = std::make_shared<Store>();
    if (!store->certificates) return Error(ErrorId::tls_files, "no memory for trusted certificates");
    // Windows wants the direct signer named, so nothing above it is needed.
    X509_STORE_set_flags(store->certificates.get(), X509_V_FLAG_PARTIAL_CHAIN);
    for (const auto& text : certificates) {
        MULLION_ASSIGN(const auto all, read_all<X509Owner>(text, PEM_read_bio_X509));
        for (const auto& one : all) {
            X509_STORE_add_cert(store->certificates.get(), one.get());
            store->thumbprints.push_back(thumbprint_of(one.get()));
        }
    }
    for (const auto& text : revocation_lists) {
        MULLION_ASSIGN(auto all, read_all<CrlOwner>(text, PEM_read_bio_X509_CRL));
        for (auto& one : all) {
            X509_STORE_add_crl(store->certificates.get(), one.get());
            store->lists.push_back(std::move(one));
        }
    }
    ERR_clear_error();
    return ClientTrust(std::move(store));
}

std::vector<std::string> ClientTrust::trusted() const {
    return store_->thumbprints;
}

Result<ProvenCertificate> ClientTrust::verify(std::string_view der, WallTime now) const {
    if (der.size() > longest_certificate) return not_believed("it is longer than 16 KiB");
    MULLION_ASSIGN(const auto info, describe_certificate(der));  // Also that nothing follows it.
    const auto* cursor = reinterpret_cast<const unsigned char*>(der.data());
    const X509Owner leaf(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
    const ContextOwner context(X509_STORE_CTX_new());
    if (!leaf || !context ||
        X509_STORE_CTX_init(context.get(), store_->certificates.get(), leaf.get(), nullptr) != 1)
        return not_believed("no memory to verify it");
    auto* rules = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(rules, std::chrono::system_clock::to_time_t(now));
    X509_VERIFY_PARAM_set_depth(rules, deepest);
    X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_SSL_CLIENT);
    // Who has published no list has revoked nothing; a list that is out of date is no list.
    if (store_->has_list_of(X509_get_issuer_name(leaf.get())))
        X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_CRL_CHECK);
    if (X509_verify_cert(context.get()) != 1)
        return not_believed(
            fmt::format("{} ({}, {})", X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())),
                        info.subject, info.thumbprint));
    // Without the extension a certificate is for everything, a web server's own too.
    const bool for_clients = (X509_get_extension_flags(leaf.get()) & EXFLAG_XKUSAGE) != 0 &&
                             (X509_get_extended_key_usage(leaf.get()) & XKU_SSL_CLIENT) != 0;
    if (!for_clients)
        return not_believed(fmt::format("client authentication is not among its uses ({})", info.thumbprint));
    const auto* chain = X509_STORE_CTX_get0_chain(context.get());
    const bool signs_itself = X509_self_signed(leaf.get(), 1) == 1;
    if (!signs_itself && sk_X509_num(chain) < 2)
        return not_believed(fmt::format("who signed it is not trusted ({})", info.issuer));
    ERR_clear_error();
    return ProvenCertificate{info.thumbprint,
                             signs_itself ? info.thumbprint : thumbprint_of(sk_X509_value(chain, 1)),
                             info.subject, info.upns};
}

}  // namespace mullion::crypto
