// A TLS connection as a Stream: OpenSSL works on the socket, Asio says when.
#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

#include "core/secret.h"
#include "net/address.h"
#include "net/make_stream.h"
#include "net/tls_ask.h"
#include "net/tls_handle.h"
#include "net/tls_server.h"
#include "net/tls_verify.h"

namespace mullion::net {
namespace {

class TlsStream final : public Stream {
public:
    // `settings` keeps the context's owner alive.
    TlsStream(Socket socket, std::string peer, SSL_CTX* context, std::shared_ptr<const void> settings)
        : socket_(std::move(socket)),
          peer_(std::move(peer)),
          settings_(std::move(settings)),
          ssl_(SSL_new(context)) {
        bio_.descriptor = socket_.descriptor();
        BIO* bio = ssl_ ? new_socket_bio(bio_) : nullptr;
        if (bio == nullptr) throw std::bad_alloc();
        SSL_set_bio(ssl_.get(), bio, bio);
    }
    ~TlsStream() override { close(); }

    Task<Result<std::size_t>> read_some(std::span<char> into) override {
        if (!kept_.empty()) co_return take_kept(into);
        const int most = static_cast<int>(std::min<std::size_t>(into.size(), INT_MAX));
        while (true) {
            if (auto state = socket_.check(); !state) co_return std::move(state).error();
            ERR_clear_error();
            const int count = SSL_read(ssl_.get(), into.data(), most);
            if (auto later = look_at_later(); !later) co_return std::move(later).error();
            if (count > 0) co_return static_cast<std::size_t>(count);
            const int reason = SSL_get_error(ssl_.get(), count);
            if (reason == SSL_ERROR_ZERO_RETURN) co_return std::size_t{0};
            if (auto ready = co_await wait(reason, "reading"); !ready) co_return std::move(ready).error();
        }
    }

    Task<Result<void>> write(std::string_view bytes) override {
        while (!bytes.empty()) {
            if (auto state = socket_.check(); !state) co_return std::move(state).error();
            ERR_clear_error();
            const int most = static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX));
            const int count = SSL_write(ssl_.get(), bytes.data(), most);
            if (count > 0) {
                bytes.remove_prefix(static_cast<std::size_t>(count));
                continue;
            }
            const int reason = SSL_get_error(ssl_.get(), count);
            if (auto ready = co_await wait(reason, "writing"); !ready) co_return std::move(ready).error();
        }
        co_return Result<void>{};
    }

    // As client or server, whatever was set. Errors: tls.handshake, tls.not_tls, net.…
    Task<Result<void>> shake_hands() {
        while (true) {
            if (auto state = socket_.check(); !state) co_return std::move(state).error();
            ERR_clear_error();
            const int done = SSL_do_handshake(ssl_.get());
            if (done == 1) break;
            const int reason = SSL_get_error(ssl_.get(), done);
            if (reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE) {
                if (auto ready = co_await wait(reason, "TLS handshake"); !ready)
                    co_return std::move(ready).error();
                continue;
            }
            const int number = errno;
            // RFC 8446 5.1: records are of type 20 to 24. Anything else never was TLS.
            if (bio_.first_byte >= 0 && (bio_.first_byte < 20 || bio_.first_byte > 24)) {
                ERR_clear_error();
                co_return Error(ErrorId::tls_not_tls, "the first bytes are no TLS record");
            }
            co_return Error(ErrorId::tls_handshake, handshake_failure(reason, number));
        }
        facts_.version = SSL_get_version(ssl_.get());
        facts_.cipher = SSL_get_cipher_name(ssl_.get());
        facts_.peer_certificate = to_der(SSL_get0_peer_certificate(ssl_.get()));
        finished_ = true;
        co_return Result<void>{};
    }

    Task<Result<void>> request_certificate(std::size_t keep) override {
        if (!facts_.peer_certificate.empty() || !begin_asking(*ssl_)) co_return Result<void>{};
        AnswerWatch watch(*ssl_);
        bool told = false;
        std::array<char, 16 * 1024> part{};
        while (!watch.answered()) {
            if (auto state = socket_.check(); !state) co_return std::move(state).error();
            ERR_clear_error();
            // The question first; then what the peer was writing anyway comes before its answer.
            const int count = told ? SSL_read(ssl_.get(), part.data(), static_cast<int>(part.size()))
                                   : SSL_do_handshake(ssl_.get());
            if (count > 0 && !told) {
                told = true;
                continue;
            }
            if (count > 0) {
                kept_.append(part.data(), static_cast<std::size_t>(count));
                wipe_memory(part.data(), static_cast<std::size_t>(count));
                if (kept_.size() > keep)
                    co_return Error(ErrorId::http_too_large,
                                    "the peer sends on and on, and not its certificate");
                continue;
            }
            const int reason = SSL_get_error(ssl_.get(), count);
            if (watch.answered() && reason == SSL_ERROR_WANT_READ) break;
            if (reason == SSL_ERROR_ZERO_RETURN)
                co_return Error(ErrorId::net_closed, "the peer left when it was asked for its certificate");
            if (auto ready = co_await wait(reason, "client certificate"); !ready)
                co_return std::move(ready).error();
        }
        facts_.peer_certificate = to_der(SSL_get0_peer_certificate(ssl_.get()));
        co_return Result<void>{};
    }

    void expires_at(MonotonicTime when) override { socket_.expires_at(when); }

    void end_writing() override {
        if (socket_.closed()) return;
        say_goodbye();
        ::shutdown(socket_.descriptor(), SHUT_WR);
    }

    void close() override {
        if (socket_.closed()) return;
        say_goodbye();
        socket_.close();
    }

    const TlsFacts* tls() const override { return &facts_; }
    std::string peer() const override { return peer_; }
    Executor executor() override { return socket_.executor(); }

    // Looks through TLS: a session ticket or key update that waits there is no reason to drop the connection.
    bool stale() override {
        if (socket_.closed() || broken_ || !kept_.empty()) return true;
        char byte = 0;
        bio_.enough = false;
        bio_.turn.begin();
        ERR_clear_error();
        const int count = SSL_peek(ssl_.get(), &byte, 1);
        const bool quiet = count <= 0 && SSL_get_error(ssl_.get(), count) == SSL_ERROR_WANT_READ;
        ERR_clear_error();
        return !quiet;
    }

    [[nodiscard]] SSL& handle() { return *ssl_; }
    [[nodiscard]] TlsFacts& facts() { return facts_; }
    // The host may negotiate anew: its certificate is looked at then, too.
    void keep(std::unique_ptr<ServerCheck> check) {
        check->settle(*ssl_);
        facts_.asked_for_certificate = check->asked();
        check_ = std::move(check);
    }

private:
    // What came meanwhile from the host beside bytes.
    Result<void> look_at_later() {
        if (!check_) return {};
        facts_.asked_for_certificate = check_->asked();
        if (!check_->refusal()) return {};
        broken_ = true;
        ERR_clear_error();
        return *check_->refusal();
    }

    std::size_t take_kept(std::span<char> into) {
        const auto count = std::min(into.size(), kept_.size());
        std::copy_n(kept_.begin(), count, into.begin());
        wipe_memory(kept_.data(), count);
        kept_.erase(0, count);
        return count;
    }

    // Tells the peer when that needs no waiting; its answer is not awaited.
    void say_goodbye() {
        if (!finished_ || broken_) return;
        ERR_clear_error();
        SSL_shutdown(ssl_.get());
        ERR_clear_error();
    }

    Task<Result<void>> wait(int reason, std::string_view doing) {
        const int number = errno;
        bio_.enough = false;
        if (reason == SSL_ERROR_WANT_READ) co_return co_await socket_.wait(Socket::Wait::readable);
        if (reason == SSL_ERROR_WANT_WRITE) co_return co_await socket_.wait(Socket::Wait::writable);
        // After such an error OpenSSL wants no further call, not even SSL_shutdown.
        broken_ = true;
        auto text = openssl_reason();
        if (text.empty()) text = bio_.ended ? "closed by the peer" : errno_text(number);
        co_return Error(ErrorId::net_closed, fmt::format("{}: {}", doing, text));
    }

    std::string handshake_failure(int reason, int number) {
        broken_ = true;
        auto text = openssl_reason();
        if (bio_.ended) return "the peer closed the connection during the handshake";
        if (!text.empty()) return text;
        return reason == SSL_ERROR_SYSCALL ? errno_text(number) : "no reason was given";
    }

    Socket socket_;
    std::string peer_;
    std::shared_ptr<const void> settings_;
    SocketBio bio_;
    SslHandle ssl_;
    TlsFacts facts_;
    std::unique_ptr<ServerCheck> check_;  // The client's side, where the host may negotiate anew.
    std::string kept_;                    // Came while the peer was asked for its certificate.
    bool finished_ = false;
    bool broken_ = false;
};

}  // namespace

Task<Result<std::unique_ptr<Stream>>> start_tls(Socket socket, std::string peer,
                                                std::shared_ptr<const TlsClient> tls, std::string name) {
    auto stream =
        std::make_unique<TlsStream>(std::move(socket), std::move(peer), tls->state().context.get(), tls);
    auto check = std::make_unique<ServerCheck>(tls->state(), std::move(name));
    check->attach(stream->handle());
    SSL_set_connect_state(&stream->handle());
    if (auto shaken = co_await stream->shake_hands(); !shaken) {
        if (check->refusal()) co_return *check->refusal();
        co_return std::move(shaken).error();
    }
    if (tls->state().rules.client_certificate_file.empty())
        check->detach(stream->handle());
    else
        stream->keep(std::move(check));
    co_return std::unique_ptr<Stream>(std::move(stream));
}

Task<Result<std::unique_ptr<Stream>>> accept_tls(Socket socket, std::string peer,
                                                 std::shared_ptr<const TlsServer> tls) {
    auto stream =
        std::make_unique<TlsStream>(std::move(socket), std::move(peer), tls->state().context.get(), tls);
    SSL_set_accept_state(&stream->handle());
    if (auto shaken = co_await stream->shake_hands(); !shaken) co_return std::move(shaken).error();
    stream->facts().own_certificate = tls->state().certificate;
    co_return std::unique_ptr<Stream>(std::move(stream));
}

}  // namespace mullion::net
