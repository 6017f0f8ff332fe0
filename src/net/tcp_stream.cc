// A plain TCP connection as a Stream.
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "net/address.h"
#include "net/make_stream.h"
#include "net/turn.h"

namespace mullion::net {
namespace {

class TcpStream final : public Stream {
public:
    TcpStream(Socket socket, std::string peer) : socket_(std::move(socket)), peer_(std::move(peer)) {}

    Task<Result<std::size_t>> read_some(std::span<char> into) override {
        while (true) {
            if (std::exchange(drained_, false)) {
                if (auto ready = co_await socket_.wait(Socket::Wait::readable); !ready)
                    co_return std::move(ready).error();
            }
            if (auto state = socket_.check(); !state) co_return std::move(state).error();
            const auto count = ::recv(socket_.descriptor(), into.data(), into.size(), 0);
            drained_ = count < 0 || static_cast<std::size_t>(count) < into.size();
            if (count >= 0) {
                if (!drained_) drained_ = turn_.over(static_cast<std::size_t>(count));
                co_return static_cast<std::size_t>(count);
            }
            if (errno == EINTR) continue;
            if (errno != EAGAIN) co_return Error(ErrorId::net_closed, "reading: " + errno_text(errno));
        }
    }

    Task<Result<void>> write(std::string_view bytes) override {
        while (!bytes.empty()) {
            if (auto state = socket_.check(); !state) co_return std::move(state).error();
            const auto count = ::send(socket_.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count >= 0) {
                bytes.remove_prefix(static_cast<std::size_t>(count));
                continue;
            }
            if (errno == EINTR) continue;
            if (errno != EAGAIN) co_return Error(ErrorId::net_closed, "writing: " + errno_text(errno));
            if (auto ready = co_await socket_.wait(Socket::Wait::writable); !ready)
                co_return std::move(ready).error();
        }
        co_return Result<void>{};
    }

    void expires_at(MonotonicTime when) override { socket_.expires_at(when); }
    void end_writing() override {
        if (!socket_.closed()) ::shutdown(socket_.descriptor(), SHUT_WR);
    }
    void close() override { socket_.close(); }
    const TlsFacts* tls() const override { return nullptr; }
    std::string peer() const override { return peer_; }
    Executor executor() override { return socket_.executor(); }

    bool stale() override {
        if (socket_.closed()) return true;
        char byte = 0;
        return ::recv(socket_.descriptor(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN;
    }

private:
    Socket socket_;
    std::string peer_;
    // The last read took all that there was. What comes next has to be waited for, so that to try first would
    // only cost a call; after a request nothing is there yet.
    bool drained_ = true;
    Turn turn_;
};

}  // namespace

std::unique_ptr<Stream> make_plain_stream(Socket socket, std::string peer) {
    return std::make_unique<TcpStream>(std::move(socket), std::move(peer));
}

}  // namespace mullion::net
