// Whether a server's certificate is accepted, and if not, why: untrusted, revoked, expired, another name or
// not the pinned one. One verification serves one connection: its first handshake, and where a client
// certificate is configured those that the host begins later, which must show the same certificate.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "net/tls.h"
#include "net/tls_handle.h"

namespace mullion::net {

struct TlsClient::State {
    TlsVerification rules;
    std::string pin;  // 64 lower-case hex digits; empty: none.
    SslContext context;
};

class ServerCheck {
public:
    ServerCheck(const TlsClient::State& state, std::string name) : state_(state), name_(std::move(name)) {}
    ServerCheck(const ServerCheck&) = delete;
    ServerCheck& operator=(const ServerCheck&) = delete;

    // Sets SNI, the name and the callback. *this must outlive the handshake.
    void attach(SSL& ssl);
    void detach(SSL& ssl);  // When the handshake is over, and nothing else may come.
    // The handshake is over; more may follow.
    void settle(SSL& ssl);
    // Set when the certificate was refused, or the host goes on and on negotiating.
    [[nodiscard]] const std::optional<Error>& refusal() const { return refusal_; }
    // The host wanted the client's certificate.
    [[nodiscard]] bool asked() const { return asked_; }

    // For SSL_CTX_set_cert_verify_callback: the whole decision.
    static int decide(X509_STORE_CTX* store, void*);
    // For SSL_CTX_set_cert_cb and SSL_CTX_set_info_callback.
    static int on_asked(SSL* ssl, void*);
    static void on_event(const SSL* ssl, int where, int);

private:
    struct Problem {
        int code;
        int depth;
        std::string subject;
        std::string issuer;
    };
    static int on_problem(int fine, X509_STORE_CTX* store);
    [[nodiscard]] bool once_more();  // False when it is too often.
    void check_pin(X509* leaf);
    void judge(X509* leaf);
    [[nodiscard]] bool matters(const Problem& problem) const;

    const TlsClient::State& state_;
    std::string name_;
    std::vector<Problem> problems_;
    std::optional<Error> refusal_;
    std::string settled_;  // The DER of who answered in the first handshake; empty before its end.
    bool asked_ = false;
    unsigned later_ = 0;  // What the host began after the first handshake.
};

}  // namespace mullion::net
