// bench_tls_floor HOST PORT CA-FILE: one request over TLS by the same OpenSSL, and nothing else: what a
// process pays for that alone, before it knows anything of WinRM. Prints "floor" when the answer was one of
// HTTP.
#include <netdb.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>

namespace {

int connected(const char* host, const char* port) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host, port, &wanted, &found) != 0) return -1;
    const int descriptor = ::socket(found->ai_family, SOCK_STREAM, 0);
    const bool there = descriptor >= 0 && ::connect(descriptor, found->ai_addr, found->ai_addrlen) == 0;
    ::freeaddrinfo(found);
    return there ? descriptor : -1;
}

bool exchange(SSL* stream) {
    static constexpr char request[] =
        "POST /wsman HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    std::array<char, 512> answer{};
    return SSL_connect(stream) == 1 && SSL_write(stream, request, sizeof request - 1) > 0 &&
           SSL_read(stream, answer.data(), answer.size()) > 7 &&
           std::memcmp(answer.data(), "HTTP/1.", 7) == 0;
}

}  // namespace

int main(int count, char** words) {
    if (count != 4) return 2;
    SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
    if (context == nullptr || SSL_CTX_load_verify_locations(context, words[3], nullptr) != 1) return 1;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    const int descriptor = connected(words[1], words[2]);
    SSL* const stream = SSL_new(context);
    if (descriptor < 0 || stream == nullptr || SSL_set_fd(stream, descriptor) != 1) return 1;
    if (!exchange(stream)) return 1;
    std::puts("floor");
    return 0;
}
