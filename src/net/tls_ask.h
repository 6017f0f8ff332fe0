// The server's side of asking for a client's certificate after the handshake: TLS 1.3's post-handshake
// authentication (RFC 8446 4.6.2), and negotiating anew under TLS 1.2 (RFC 5246 7.4.1.1, bound by RFC 5746).
#pragma once

#include "net/tls_handle.h"

namespace mullion::net {

// Takes any certificate, or none, within bounds: who it means is judged above. For the server's context.
void take_any_certificate(SSL_CTX& context);

// The next SSL_do_handshake() sends the question. False: this peer cannot be asked.
[[nodiscard]] bool begin_asking(SSL& ssl);

// Sees the end of the peer's answer. While it lives, and only then, the connection may negotiate anew.
class AnswerWatch {
public:
    explicit AnswerWatch(SSL& ssl);
    ~AnswerWatch();
    AnswerWatch(const AnswerWatch&) = delete;
    AnswerWatch& operator=(const AnswerWatch&) = delete;
    [[nodiscard]] bool answered() const;

private:
    static void on_message(int written, int version, int type, const void* bytes, std::size_t size, SSL* ssl,
                           void* watch);
    SSL& ssl_;
    bool finished_ = false;  // The peer's Finished came.
};

}  // namespace mullion::net
