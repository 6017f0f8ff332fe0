#include "net/tls_handle.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace mullion::net {
namespace {

int write_socket(BIO* bio, const char* bytes, int size) {
    const auto& state = *static_cast<SocketBio*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const auto count = ::send(state.descriptor, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
    return static_cast<int>(count);
}

int read_socket(BIO* bio, char* into, int size) {
    auto& state = *static_cast<SocketBio*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    // OpenSSL reads on by itself through messages that it skips (HelloRequest, tickets, KeyUpdate).
    if (state.enough) {
        BIO_set_retry_read(bio);
        return -1;
    }
    const auto count = ::recv(state.descriptor, into, static_cast<std::size_t>(size), 0);
    if (count > 0 && state.first_byte < 0) state.first_byte = static_cast<unsigned char>(into[0]);
    if (count == 0) state.ended = true;
    if (count > 0) state.enough = state.turn.over(static_cast<std::size_t>(count));
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
    return static_cast<int>(count);
}

long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_FLUSH) return 1;
    if (command == BIO_CTRL_EOF) return static_cast<const SocketBio*>(BIO_get_data(bio))->ended ? 1 : 0;
    return 0;
}

const BIO_METHOD* socket_method() {
    static const BIO_METHOD* const method = [] {
        auto* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals");
        BIO_meth_set_write(made, write_socket);
        BIO_meth_set_read(made, read_socket);
        BIO_meth_set_ctrl(made, control);
        return made;
    }();
    return method;
}

}  // namespace

std::string openssl_reason() {
    const auto code = ERR_peek_last_error();
    ERR_clear_error();
    if (code == 0) return "";
    if (const char* reason = ERR_reason_error_string(code)) return reason;
    std::array<char, 256> text{};
    ERR_error_string_n(code, text.data(), text.size());
    return text.data();
}

std::string to_der(X509* certificate) {
    unsigned char* bytes = nullptr;
    const int size = certificate == nullptr ? -1 : i2d_X509(certificate, &bytes);
    if (size < 0) return "";
    std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

SslContext new_context(const SSL_METHOD* method) {
    SslContext context(SSL_CTX_new(method));
    if (!context) return context;
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.get(),
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                        SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // A record in one read of the socket, not its header and then the rest.
    SSL_CTX_set_read_ahead(context.get(), 1);
    // TLS 1.2 with forward secrecy and AEAD, and the CBC suites that Windows Server 2012 R2 still needs.
    SSL_CTX_set_cipher_list(context.get(),
                            "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:ECDHE+AES:!aNULL:!eNULL:!PSK:!SRP:!MD5");
    return context;
}

BIO* new_socket_bio(SocketBio& state) {
    BIO* bio = BIO_new(socket_method());
    if (bio == nullptr) return nullptr;
    BIO_set_data(bio, &state);
    BIO_set_init(bio, 1);
    return bio;
}

}  // namespace mullion::net
