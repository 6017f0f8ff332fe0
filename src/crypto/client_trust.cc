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
struct FreeStack {
    void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
using StackOwner = std::unique_ptr<STACK_OF(X509), FreeStack>;
using Chain = std::vector<X509*>;  // The leaf first; owned by the context.

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

// A store whose certificates are trusted as they are: Windows wants the direct signer named, so nothing above
// it is needed.
X509_STORE* new_store() {
    X509_STORE* store = X509_STORE_new();
    if (store != nullptr) X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    return store;
}

}  // namespace

struct ClientTrust::Store {
    StoreOwner roots{new_store()};
    StoreOwner people{new_store()};
    StackOwner intermediates{sk_X509_new_null()};
    std::vector<CrlOwner> lists;
    std::vector<std::string> named;  // Roots, intermediates that lead to one, people.
    std::vector<std::string> people_by_themselves;

    [[nodiscard]] Result<void> fill(const Texts& texts);
    void keep_those_that_lead_to_a_root();
    [[nodiscard]] bool has_list_of(const X509_NAME* issuer) const {
        return std::any_of(lists.begin(), lists.end(), [&](const auto& list) {
            return X509_NAME_cmp(X509_CRL_get_issuer(list.get()), issuer) == 0;
        });
    }
    // Null for now: dates are not looked at. 1: there is a chain. What it asks of the leaf's use is
    // `purpose`.
    [[nodiscard]] bool build(X509_STORE_CTX* context, X509* leaf, X509_STORE* anchors, int purpose,
                             const WallTime* now) const;
    [[nodiscard]] Result<void> check_signers(const Chain& chain, WallTime now) const;
};

bool ClientTrust::Store::build(X509_STORE_CTX* context, X509* leaf, X509_STORE* anchors, int purpose,
                               const WallTime* now) const {
    if (X509_STORE_CTX_init(context, anchors, leaf, intermediates.get()) != 1) return false;
    auto* rules = X509_STORE_CTX_get0_param(context);
    if (now != nullptr)
        X509_VERIFY_PARAM_set_time(rules, std::chrono::system_clock::to_time_t(*now));
    else
        X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_NO_CHECK_TIME);
    X509_VERIFY_PARAM_set_depth(rules, deepest);
    X509_VERIFY_PARAM_set_purpose(rules, purpose);
    // Who has published no list has revoked nothing; a list that is out of date is no list.
    if (now != nullptr && has_list_of(X509_get_issuer_name(leaf)))
        X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_CRL_CHECK);
    return X509_verify_cert(context) == 1;
}

// OpenSSL's CRL_CHECK_ALL would want a list of everybody's.
Result<void> ClientTrust::Store::check_signers(const Chain& chain, WallTime now) const {
    for (std::size_t i = 1; i + 1 < chain.size(); ++i) {
        if (!has_list_of(X509_get_issuer_name(chain[i]))) continue;
        const ContextOwner context(X509_STORE_CTX_new());
        if (!context || !build(context.get(), chain[i], roots.get(), X509_PURPOSE_ANY, &now))
            return not_believed(
                fmt::format("who signed it: {} ({})",
                            X509_verify_cert_error_string(context ? X509_STORE_CTX_get_error(context.get())
                                                                  : X509_V_ERR_OUT_OF_MEM),
                            thumbprint_of(chain[i])));
    }
    return {};
}

Result<void> ClientTrust::Store::fill(const Texts& texts) {
    if (!roots || !people || !intermediates)
        return Error(ErrorId::tls_files, "no memory for trusted certificates");
    for (const auto& text : texts.roots) {
        MULLION_ASSIGN(const auto all, read_all<X509Owner>(text, PEM_read_bio_X509));
        for (const auto& one : all) {
            X509_STORE_add_cert(roots.get(), one.get());
            named.push_back(thumbprint_of(one.get()));
        }
    }
    for (const auto& text : texts.intermediates) {
        MULLION_ASSIGN(auto all, read_all<X509Owner>(text, PEM_read_bio_X509));
        for (auto& one : all) {
            if (sk_X509_push(intermediates.get(), one.get()) > 0) (void)one.release();
        }
    }
    for (const auto& text : texts.people) {
        MULLION_ASSIGN(const auto all, read_all<X509Owner>(text, PEM_read_bio_X509));
        for (const auto& one : all) {
            if (X509_self_signed(one.get(), 1) != 1) continue;
            X509_STORE_add_cert(people.get(), one.get());
            people_by_themselves.push_back(thumbprint_of(one.get()));
        }
    }
    for (const auto& text : texts.revocation_lists) {
        MULLION_ASSIGN(auto all, read_all<CrlOwner>(text, PEM_read_bio_X509_CRL));
        for (auto& one : all) {
            X509_STORE_add_crl(roots.get(), one.get());
            X509_STORE_add_crl(people.get(), one.get());
            lists.push_back(std::move(one));
        }
    }
    keep_those_that_lead_to_a_root();
    ERR_clear_error();
    return {};
}

void ClientTrust::Store::keep_those_that_lead_to_a_root() {
    for (int i = 0; i < sk_X509_num(intermediates.get()); ++i) {
        X509* one = sk_X509_value(intermediates.get(), i);
        const ContextOwner context(X509_STORE_CTX_new());
        if (context && build(context.get(), one, roots.get(), X509_PURPOSE_ANY, nullptr))
            named.push_back(thumbprint_of(one));
    }
    for (const auto& one : people_by_themselves)
        if (std::find(named.begin(), named.end(), one) == named.end()) named.push_back(one);
}

Result<ClientTrust> ClientTrust::make(const Texts& texts) {
    auto store = std::make_shared<Store>();
    MULLION_TRY(store->fill(texts));
    return ClientTrust(std::move(store));
}

Result<ClientTrust> ClientTrust::make(const std::vector<Text>& roots,
                                      const std::vector<Text>& revocation_lists) {
    Texts texts;
    texts.roots = roots;
    texts.revocation_lists = revocation_lists;
    return make(texts);
}

std::vector<std::string> ClientTrust::trusted() const {
    return store_->named;
}

Result<ProvenCertificate> ClientTrust::verify(std::string_view der, WallTime now) const {
    if (der.size() > longest_certificate) return not_believed("it is longer than 16 KiB");
    MULLION_ASSIGN(const auto info, describe_certificate(der));  // Also that nothing follows it.
    const auto* cursor = reinterpret_cast<const unsigned char*>(der.data());
    const X509Owner leaf(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
    const ContextOwner context(X509_STORE_CTX_new());
    if (!leaf || !context) return not_believed("no memory to verify it");
    const auto& people = store_->people_by_themselves;
    const bool by_itself = std::find(people.begin(), people.end(), info.thumbprint) != people.end();
    auto* anchors = by_itself ? store_->people.get() : store_->roots.get();
    if (!store_->build(context.get(), leaf.get(), anchors, X509_PURPOSE_SSL_CLIENT, &now))
        return not_believed(
            fmt::format("{} ({}, {})", X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())),
                        info.subject, info.thumbprint));
    // Without the extension a certificate is for everything, a web server's own too.
    const bool for_clients = (X509_get_extension_flags(leaf.get()) & EXFLAG_XKUSAGE) != 0 &&
                             (X509_get_extended_key_usage(leaf.get()) & XKU_SSL_CLIENT) != 0;
    if (!for_clients)
        return not_believed(fmt::format("client authentication is not among its uses ({})", info.thumbprint));
    Chain chain;
    for (int i = 0; i < sk_X509_num(X509_STORE_CTX_get0_chain(context.get())); ++i)
        chain.push_back(sk_X509_value(X509_STORE_CTX_get0_chain(context.get()), i));
    if (!info.self_signed && chain.size() < 2)
        return not_believed(fmt::format("who signed it is not trusted ({})", info.issuer));
    MULLION_TRY(store_->check_signers(chain, now));
    ERR_clear_error();
    return ProvenCertificate{info.thumbprint, info.self_signed ? info.thumbprint : thumbprint_of(chain[1]),
                             info.subject, info.upns};
}

}  // namespace mullion::crypto
