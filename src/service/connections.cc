#include "service/connections.h"

#include <sys/socket.h>
#include <unistd.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace mullion::service {
namespace {

using std::chrono::steady_clock;

constexpr Duration handshake_patience{30'000};  // For TLS.

}  // namespace

channel::ServerSettings connection_settings(const Settings& settings, bool keytab) {
    channel::ServerSettings out;
    out.basic = settings.basic;
    out.negotiate = settings.negotiate;
    out.kerberos = settings.kerberos && keytab;
    out.certificate = settings.certificate;
    out.credssp = settings.credssp;
    out.allow_unencrypted = settings.allow_unencrypted;
    out.hardening = settings.hardening;
    out.max_envelope_bytes = std::size_t{settings.max_envelope_size_kb} * 1024;
    out.packet_timeout = std::chrono::seconds(settings.max_packet_seconds);
    return out;
}

// One connection from accept to its end: its place, and how it is ended from outside.
class Connections::Guest final : public channel::ConnectionWatch {
public:
    Guest(Connections& all, std::size_t thread, std::uint64_t id, int descriptor)
        : all_(all), thread_(thread), id_(id) {
        all_.open_[thread_][id_] = Open{nullptr, descriptor, nullptr, false};
    }
    Guest(const Guest&) = delete;
    Guest& operator=(const Guest&) = delete;
    ~Guest() override {
        all_.open_[thread_].erase(id_);
        all_.places_.leave(id_);
    }
    void speaks(net::Stream& stream) {
        Open& own = all_.open_[thread_][id_];
        own.stream = &stream;
        own.descriptor = -1;
    }

    void request() override {}
    net::Task<channel::Delivery> handshake(http::Response&) override { co_return channel::Delivery{}; }
    bool belongs_to(const std::string& user) override {
        return all_.places_.claim(id_, user, all_.settings_.get()->max_connections);
    }
    net::Task<bool> hold(net::Executor executor, Duration how_long) override {
        Open& own = all_.open_[thread_][id_];
        if (own.ended) co_return false;
        boost::asio::steady_timer timer(executor, how_long);
        own.held = &timer;
        co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        own.held = nullptr;
        co_return !own.ended;
    }

private:
    Connections& all_;
    std::size_t thread_;
    std::uint64_t id_;
};

Connections::Connections(IoThreads& threads, const SettingsHolder& settings, bool keytab,
                         channel::ServerParts parts)
    : threads_(threads),
      settings_(settings),
      keytab_(keytab),
      parts_(std::move(parts)),
      places_(system_clock()),
      open_(threads.count()) {}

void Connections::take(net::Listener::Accepted accepted, std::shared_ptr<const net::TlsServer> tls) {
    const auto limit = settings_.get()->max_connections;
    const std::size_t thread = next_++ % threads_.count();
    const auto taken = closing_ ? std::nullopt : places_.take(thread, limit);
    if (!taken) {
        if (!closing_ && !full_.exchange(true))
            parts_.log.warning("connections are closed at once: MaxConnections ({}) is reached", limit);
        ::close(accepted.descriptor);
        return;
    }
    if (taken->instead_of) {
        if (!full_.exchange(true))
            parts_.log.warning("MaxConnections ({}) is reached: connections of nobody give way to new ones",
                               limit);
        end(*taken->instead_of);
    } else {
        full_ = false;
    }
    boost::asio::co_spawn(threads_.context(thread),
                          serve(thread, taken->id, std::move(accepted), std::move(tls)),
                          boost::asio::detached);
}

net::Task<void> Connections::serve(std::size_t thread, std::uint64_t id, net::Listener::Accepted accepted,
                                   std::shared_ptr<const net::TlsServer> tls) {
    Guest guest(*this, thread, id, accepted.descriptor);
    const std::string peer = accepted.peer;
    const net::Executor executor = threads_.context(thread).get_executor();
    const auto deadline = steady_clock::now() + handshake_patience;
    auto adopted = net::adopt(executor, std::move(accepted), std::move(tls), deadline);
    auto stream = co_await std::move(adopted);
    if (!stream.ok()) {
        parts_.log.debug("{}: {}", peer, stream.error().message());
        co_return;
    }
    guest.speaks(**stream);
    if (closing_) co_return;
    auto settings = connection_settings(*settings_.get(), keytab_);
    auto parts = parts_;
    parts.watch = &guest;
    auto serving = channel::serve_connection(**stream, std::move(settings), std::move(parts));
    co_await std::move(serving);
}

// On its own thread, where nothing of it can change meanwhile.
void Connections::end_now(Open& one) {
    one.ended = true;
    if (one.held != nullptr) one.held->cancel();
    if (one.stream != nullptr) return one.stream->close();
    ::shutdown(one.descriptor, SHUT_RDWR);  // In its TLS handshake, which ends by that.
}

void Connections::end(ConnectionPlaces::Where where) {
    boost::asio::post(threads_.context(where.thread), [this, where] {
        const auto found = open_[where.thread].find(where.id);
        if (found != open_[where.thread].end()) end_now(found->second);
    });
}

void Connections::close_all() {
    closing_ = true;
    for (std::size_t thread = 0; thread < threads_.count(); ++thread) {
        boost::asio::post(threads_.context(thread), [this, thread] {
            for (auto& [id, one] : open_[thread]) end_now(one);
        });
    }
}

}  // namespace mullion::service
