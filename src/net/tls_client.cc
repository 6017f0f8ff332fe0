// The client's TLS settings.
#include <fmt/core.h>
#include <openssl/x509_vfy.h>

#include <cstdlib>

#include "net/tls.h"
#include "net/tls_files.h"
#include "net/tls_verify.h"

namespace mullion::net {
namespace {

// "sha256:HEX" to lower-case hex. Colons between the bytes, as certificate viewers print them, are fine.
Result<std::string> read_pin(const std::string& text) {
    constexpr std::string_view prefix = "sha256:";
    std::string hex;
    if (text.starts_with(prefix)) {
        for (const char c : text.substr(prefix.size())) {
            if (c == ':') continue;
            hex += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
        }
    }
    if (hex.size() != 64 || hex.find_first_not_of("0123456789abcdef") != std::string::npos) {
        return Error(
            ErrorId::tls_files,
            fmt::format("the pin \"{}\" is not sha256: and 64 hex digits (of the certificate's DER)", text));
    }
    return hex;
}

const char* environment(const char* name, const char* fallback) {
    const char* value = std::getenv(name);  // NOLINT: read before threads start
    return value == nullptr || *value == '\0' ? fallback : value;
}

// The system's authorities by hashed folder: each is read when a chain needs it. The bundle would cost 22 ms.
Result<void> trust_system(X509_STORE& store, os::Patience patience) {
    auto* folder = X509_STORE_add_lookup(&store, X509_LOOKUP_hash_dir());
    const char* path = environment(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
    if (folder == nullptr || X509_LOOKUP_add_dir(folder, path, X509_FILETYPE_PEM) != 1) {
        return Error(ErrorId::tls_files, fmt::format("{}: {}", path, openssl_reason()));
    }
    const char* file = environment(X509_get_default_cert_file_env(), nullptr);
    if (file == nullptr) return {};
    MULLION_ASSIGN(const auto certificates, read_certificates(file, patience));
    for (const auto& one : certificates) X509_STORE_add_cert(&store, one.get());
    return {};
}

Result<void> trust_file(X509_STORE& store, const std::string& path, os::Patience patience) {
    MULLION_ASSIGN(const auto certificates, read_certificates(path, patience));
    for (const auto& one : certificates) X509_STORE_add_cert(&store, one.get());
    // What the operator names is trusted as it is, also an authority in the middle or the host's own
    // certificate.
    X509_STORE_set_flags(&store, X509_V_FLAG_PARTIAL_CHAIN);
    return {};
}

Result<void> add_revocation(X509_STORE& store, const std::string& path, os::Patience patience) {
    MULLION_ASSIGN(const auto lists, read_revocation_lists(path, patience));
    for (const auto& one : lists) X509_STORE_add_crl(&store, one.get());
    X509_STORE_set_flags(&store, X509_V_FLAG_CRL_CHECK);
    return {};
}

// Windows asks for the certificate when a request needs it, after the handshake: by RFC 8446 4.6.2, or under
// TLS 1.2 by negotiating anew, which RFC 5746 binds to what was before (OpenSSL refuses all else).
void let_the_host_ask_later(SSL_CTX& context) {
    SSL_CTX_set_post_handshake_auth(&context, 1);
    SSL_CTX_clear_options(&context, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_cert_cb(&context, ServerCheck::on_asked, nullptr);
    SSL_CTX_set_info_callback(&context, ServerCheck::on_event);
}

}  // namespace

Result<std::shared_ptr<const TlsClient>> TlsClient::make(const TlsVerification& verification, int cancelled) {
    os::Patience patience;
    patience.cancelled = cancelled;
    auto state = std::make_shared<State>();
    state->rules = verification;
    if (!verification.pin.empty()) {
        MULLION_ASSIGN(state->pin, read_pin(verification.pin));
    }
    state->context = new_context(TLS_client_method());
    if (!state->context) return Error(ErrorId::tls_files, "no TLS context: " + openssl_reason());
    auto& context = *state->context;
    auto& store = *SSL_CTX_get_cert_store(&context);
    if (!verification.ca_file.empty()) {
        MULLION_TRY(trust_file(store, verification.ca_file, patience));
    } else if (verification.check_chain && state->pin.empty()) {
        MULLION_TRY(trust_system(store, patience));
    }
    if (!verification.crl_file.empty() && verification.check_revocation) {
        MULLION_TRY(add_revocation(store, verification.crl_file, patience));
    }
    if (verification.client_certificate_file.empty() && !verification.client_key_file.empty()) {
        return Error(ErrorId::tls_files, "a client key needs its certificate");
    }
    if (!verification.client_certificate_file.empty()) {
        MULLION_TRY(use_client_identity(context, verification, patience));
        let_the_host_ask_later(context);
    }
    SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(&context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(&context, ServerCheck::decide, nullptr);
    return std::make_shared<const TlsClient>(std::move(state));
}

}  // namespace mullion::net
