#include "net/tls_verify.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <fmt/ranges.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <iterator>

#include "crypto/hash.h"
#include "crypto/x509.h"

namespace mullion::net {
namespace {

// What a host may begin after the first handshake: one is needed, and more are work for nothing. Under
// TLS 1.2 negotiating anew and asking for the certificate count apart.
constexpr unsigned most_later = 16;

int slot() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

ServerCheck* check_of(X509_STORE_CTX* store) {
    auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    return ssl == nullptr ? nullptr : static_cast<ServerCheck*>(SSL_get_ex_data(ssl, slot()));
}

bool is_address(const std::string& text) {
    std::array<unsigned char, 16> bytes{};
    return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
           inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

std::string line_of(const X509_NAME* name) {
    const BioHandle bio(BIO_new(BIO_s_mem()));
    if (!bio || X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) < 0) return "";
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

ErrorId id_of(int code) {
    switch (code) {
        case X509_V_ERR_CERT_NOT_YET_VALID:
        case X509_V_ERR_CERT_HAS_EXPIRED:
        case X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD:
        case X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD:
            return ErrorId::tls_expired;
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return ErrorId::tls_name;
        case X509_V_ERR_CERT_REVOKED:
        case X509_V_ERR_UNABLE_TO_GET_CRL:
        case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
        case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
        case X509_V_ERR_CRL_SIGNATURE_FAILURE:
        case X509_V_ERR_CRL_NOT_YET_VALID:
        case X509_V_ERR_CRL_HAS_EXPIRED:
        case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
        case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
        case X509_V_ERR_DIFFERENT_CRL_SCOPE:
        case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
        case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
        case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
            return ErrorId::tls_revoked;
        default:
            return ErrorId::tls_untrusted;
    }
}

// Which of several problems is told first: without trust the rest says little.
int rank(ErrorId id) {
    switch (id) {
        case ErrorId::tls_untrusted:
            return 0;
        case ErrorId::tls_revoked:
            return 1;
        case ErrorId::tls_expired:
            return 2;
        default:
            return 3;
    }
}

std::string sha256_of(X509* certificate) {
    std::string hex;
    for (const char byte : crypto::sha256(to_der(certificate))) {
        fmt::format_to(std::back_inserter(hex), "{:02x}", static_cast<unsigned char>(byte));
    }
    return hex;
}

std::string names_of(X509* leaf) {
    const auto info = crypto::describe_certificate(to_der(leaf));
    if (!info) return "unknown names";
    if (!info->names.empty()) return fmt::format("{}", fmt::join(info->names, ", "));
    return info->common_name.empty() ? "no name" : info->common_name;
}

std::string time_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return "an unreadable time";
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

}  // namespace

void ServerCheck::attach(SSL& ssl) {
    SSL_set_ex_data(&ssl, slot(), this);
    // A scope ("fe80::1%eth0") is this machine's business, not the certificate's.
    const std::string plain = name_.substr(0, name_.find('%'));
    auto* parameters = SSL_get0_param(&ssl);
    bool asked = false;
    if (is_address(plain)) {
        asked = X509_VERIFY_PARAM_set1_ip_asc(parameters, plain.c_str()) == 1;
    } else {
        // RFC 6066 3: names only, without the final dot.
        const std::string name = plain.ends_with('.') ? plain.substr(0, plain.size() - 1) : plain;
        SSL_set_tlsext_host_name(&ssl, name.c_str());
        X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        asked = !name.empty() && !name.starts_with('.') &&
                X509_VERIFY_PARAM_set1_host(parameters, name.c_str(), name.size()) == 1;
    }
    // OpenSSL looks at no name at all when it was given none, or one that it did not take; one that begins
    // with a dot is every name below it.
    if (!asked && state_.rules.check_name && state_.pin.empty())
        refusal_ = Error(ErrorId::tls_name, fmt::format("\"{}\" is a name that no certificate has", name_));
}

void ServerCheck::detach(SSL& ssl) {
    SSL_set_ex_data(&ssl, slot(), nullptr);
}

void ServerCheck::settle(SSL& ssl) {
    settled_ = to_der(SSL_get0_peer_certificate(&ssl));
}

bool ServerCheck::once_more() {
    if (settled_.empty() || ++later_ <= most_later) return true;
    if (!refusal_)
        refusal_ =
            Error(ErrorId::tls_handshake, fmt::format("the host negotiated anew {} times", most_later));
    return false;
}

int ServerCheck::on_asked(SSL* ssl, void*) {
    auto* check = static_cast<ServerCheck*>(SSL_get_ex_data(ssl, slot()));
    if (check == nullptr) return 0;
    check->asked_ = true;
    return check->once_more() ? 1 : 0;
}

void ServerCheck::on_event(const SSL* ssl, int where, int) {
    auto* check = static_cast<ServerCheck*>(SSL_get_ex_data(ssl, slot()));
    if (check != nullptr && (where & SSL_CB_HANDSHAKE_START) != 0) (void)check->once_more();
}

int ServerCheck::decide(X509_STORE_CTX* store, void*) {
    auto* check = check_of(store);
    auto* leaf = X509_STORE_CTX_get0_cert(store);
    if (check == nullptr || leaf == nullptr) {
        X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
        return 0;
    }
    if (!check->settled_.empty()) {
        if (to_der(leaf) != check->settled_)
            check->refusal_ =
                Error(ErrorId::tls_untrusted,
                      "it is another one than before in the same connection; sha256:" + sha256_of(leaf));
        X509_STORE_CTX_set_error(store, check->refusal_ ? X509_V_ERR_APPLICATION_VERIFICATION : X509_V_OK);
        return check->refusal_ ? 0 : 1;
    }
    if (!check->state_.pin.empty()) {
        check->check_pin(leaf);
        X509_STORE_CTX_set_error(store, check->refusal_ ? X509_V_ERR_APPLICATION_VERIFICATION : X509_V_OK);
        return check->refusal_ ? 0 : 1;
    }
    X509_STORE_CTX_set_verify_cb(store, on_problem);
    // The callback says "go on" to everything, so a failure here is one without a callback (no memory).
    if (X509_verify_cert(store) <= 0 && check->problems_.empty()) {
        check->problems_.push_back({X509_STORE_CTX_get_error(store), 0, "", ""});
    }
    check->judge(leaf);
    if (!check->refusal_) X509_STORE_CTX_set_error(store, X509_V_OK);
    return check->refusal_ ? 0 : 1;
}

int ServerCheck::on_problem(int fine, X509_STORE_CTX* store) {
    if (fine == 1) return 1;
    auto* check = check_of(store);
    if (check == nullptr) return 0;
    Problem problem{X509_STORE_CTX_get_error(store), X509_STORE_CTX_get_error_depth(store), "", ""};
    if (const auto* certificate = X509_STORE_CTX_get_current_cert(store)) {
        problem.subject = line_of(X509_get_subject_name(certificate));
        problem.issuer = line_of(X509_get_issuer_name(certificate));
    }
    if (check->problems_.size() < 64) check->problems_.push_back(std::move(problem));
    return 1;
}

void ServerCheck::check_pin(X509* leaf) {
    const auto digest = sha256_of(leaf);
    if (digest == state_.pin) return;
    refusal_ = Error(ErrorId::tls_pin, fmt::format("it is sha256:{} ({}), pinned is sha256:{}", digest,
                                                   names_of(leaf), state_.pin));
}

bool ServerCheck::matters(const Problem& problem) const {
    switch (id_of(problem.code)) {
        case ErrorId::tls_name:
            return state_.rules.check_name;
        case ErrorId::tls_revoked:
            return state_.rules.check_revocation;
        case ErrorId::tls_expired:
            // Without the chain only the host's own dates are left.
            return state_.rules.check_dates && (state_.rules.check_chain || problem.depth == 0);
        default:
            return state_.rules.check_chain;
    }
}

void ServerCheck::judge(X509* leaf) {
    const Problem* worst = nullptr;
    for (const auto& problem : problems_) {
        if (!matters(problem)) continue;
        if (worst == nullptr || rank(id_of(problem.code)) < rank(id_of(worst->code))) worst = &problem;
    }
    if (worst == nullptr) return;
    const auto id = id_of(worst->code);
    std::string detail;
    if (id == ErrorId::tls_name) {
        detail = fmt::format("asked for {}, the certificate is for {}", name_, names_of(leaf));
    } else {
        detail = X509_verify_cert_error_string(worst->code);
        if (!worst->subject.empty()) {
            fmt::format_to(std::back_inserter(detail), "; subject {}, issuer {}", worst->subject,
                           worst->issuer);
        }
        if (id == ErrorId::tls_expired && worst->depth == 0) {
            fmt::format_to(std::back_inserter(detail), ", valid from {} to {}",
                           time_of(X509_get0_notBefore(leaf)), time_of(X509_get0_notAfter(leaf)));
        }
        fmt::format_to(std::back_inserter(detail), "; sha256:{}", sha256_of(leaf));
    }
    refusal_ = Error(id, std::move(detail));
}

}  // namespace mullion::net
