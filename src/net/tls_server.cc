// The server's TLS settings.
#include "net/tls_server.h"

#include "net/tls_ask.h"
#include "net/tls_files.h"

namespace mullion::net {

Result<std::shared_ptr<const TlsServer>> TlsServer::make(const std::string& chain_pem, const Secret& key_pem,
                                                         AskForCertificate ask) {
    auto state = std::make_shared<State>();
    state->context = new_context(TLS_server_method());
    if (!state->context) return Error(ErrorId::tls_files, "no TLS context: " + openssl_reason());
    auto& context = *state->context;
    MULLION_TRY(use_identity(context, chain_pem, key_pem, "the listener's certificate"));
    state->certificate = to_der(SSL_CTX_get0_certificate(&context));
    take_any_certificate(context);
    if (ask == AskForCertificate::at_handshake) SSL_CTX_set_verify(&context, SSL_VERIFY_PEER, nullptr);
    // No resumption: a connection's identity is its own, and idle ones stay small.
    SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
    // The library keeps the last record in clear otherwise, in which Basic's password came.
    SSL_CTX_set_options(&context, SSL_OP_NO_TICKET | SSL_OP_CLEANSE_PLAINTEXT);
    SSL_CTX_set_num_tickets(&context, 0);
    return std::make_shared<const TlsServer>(std::move(state));
}

}  // namespace mullion::net
