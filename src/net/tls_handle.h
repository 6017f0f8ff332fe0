// OpenSSL's objects with owners, and what both sides of TLS share. Only tls_*.cc include this.
#pragma once

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "core/result.h"
#include "net/turn.h"

namespace mullion::net {

template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using SslContext = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using SslHandle = std::unique_ptr<SSL, FreeWith<SSL_free>>;
using BioHandle = std::unique_ptr<BIO, FreeWith<BIO_free>>;
using CertificateHandle = std::unique_ptr<X509, FreeWith<X509_free>>;
using CrlHandle = std::unique_ptr<X509_CRL, FreeWith<X509_CRL_free>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;

// What OpenSSL last complained about in this thread, and clears it; "" when it did not.
[[nodiscard]] std::string openssl_reason();
[[nodiscard]] std::string to_der(X509* certificate);

// A context of TLS 1.2 and 1.3 without renegotiation and with buffers given back while a connection is idle.
[[nodiscard]] SslContext new_context(const SSL_METHOD* method);

// A BIO on a non-blocking socket that never raises SIGPIPE and remembers the first byte that came.
// It does not own the descriptor.
struct SocketBio {
    int descriptor = -1;
    int first_byte = -1;  // Of what the peer sent; -1 before that.
    bool ended = false;
    bool enough = false;  // This turn is over: there is nothing to read until the owner has waited.
    Turn turn = {};
};
[[nodiscard]] BIO* new_socket_bio(SocketBio& state);  // `state` must outlive it.

}  // namespace mullion::net
