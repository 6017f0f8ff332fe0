#include "net/tls_ask.h"

#include <openssl/err.h>
#include <openssl/ssl3.h>
#include <openssl/x509_vfy.h>

namespace mullion::net {
namespace {

constexpr int longest_certificate = 16 * 1024;  // As Windows has it.
constexpr int most_certificates = 10;
constexpr long longest_list = 100 * 1024;  // All of them together.

// That the peer has the key is TLS's to prove; whether the certificate means anybody is not decided here, so
// that the refusal can be told in HTTP and logged, and the trusted authorities can change meanwhile.
int within_bounds(X509_STORE_CTX* store, void*) {
    const auto* others = X509_STORE_CTX_get0_untrusted(store);
    auto* leaf = X509_STORE_CTX_get0_cert(store);
    const bool fine = leaf != nullptr && i2d_X509(leaf, nullptr) <= longest_certificate &&
                      sk_X509_num(others) <= most_certificates;
    X509_STORE_CTX_set_error(store, fine ? X509_V_OK : X509_V_ERR_APPLICATION_VERIFICATION);
    return fine ? 1 : 0;
}

}  // namespace

void take_any_certificate(SSL_CTX& context) {
    SSL_CTX_set_cert_verify_callback(&context, within_bounds, nullptr);
    SSL_CTX_set_max_cert_list(&context, longest_list);
}

bool begin_asking(SSL& ssl) {
    SSL_set_verify(&ssl, SSL_VERIFY_PEER, nullptr);
    bool begun = false;
    if (SSL_version(&ssl) >= TLS1_3_VERSION) {
        begun = SSL_verify_client_post_handshake(&ssl) == 1;  // Not when the peer did not offer it.
    } else if (SSL_get_secure_renegotiation_support(&ssl) == 1) {
        SSL_clear_options(&ssl, SSL_OP_NO_RENEGOTIATION);
        begun = SSL_renegotiate(&ssl) == 1;
    }
    ERR_clear_error();
    return begun;
}

AnswerWatch::AnswerWatch(SSL& ssl) : ssl_(ssl) {
    SSL_set_msg_callback(&ssl, on_message);
    SSL_set_msg_callback_arg(&ssl, this);
}

AnswerWatch::~AnswerWatch() {
    SSL_set_msg_callback(&ssl_, nullptr);
    SSL_set_msg_callback_arg(&ssl_, nullptr);
    SSL_set_options(&ssl_, SSL_OP_NO_RENEGOTIATION);  // What the peer begins stays refused.
}

bool AnswerWatch::answered() const {
    return finished_ && SSL_in_init(&ssl_) == 0;
}

void AnswerWatch::on_message(int written, int, int type, const void* bytes, std::size_t size, SSL*,
                             void* watch) {
    if (written != 0 || type != SSL3_RT_HANDSHAKE || size == 0) return;
    if (*static_cast<const unsigned char*>(bytes) == SSL3_MT_FINISHED)
        static_cast<AnswerWatch*>(watch)->finished_ = true;
}

}  // namespace mullion::net
