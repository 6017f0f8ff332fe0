#include "service/connections.h"

#include <unistd.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace mullion::service {
namespace {

using std::chrono::steady_clock;

constexpr Duration handshake_patience{30'000};  // For TLS.

}  // namespace

channel::ServerSettings connection_settings(const Settings& settings) {
    channel::ServerSettings out;
    out.basic = settings.basic;
    out.negotiate = settings.negotiate;
    out.allow_unencrypted = settings.allow_unencrypted;
    out.hardening = settings.hardening;
    out.max_envelope_bytes = std::size_t{settings.max_envelope_size_kb} * 1024;
    out.packet_timeout = std::chrono::seconds(settings.max_packet_seconds);
    return out;
}

Connections::Connections(IoThreads& threads, const SettingsHolder& settings, channel::ServerParts parts)
    : threads_(threads), settings_(settings), parts_(std::move(parts)), open_(threads.count()) {}

void Connections::take(net::Listener::Accepted accepted, std::shared_ptr<const net::TlsServer> tls) {
    const auto limit = settings_.get()->max_connections;
    if (closing_ || count_.load() >= limit) {
        if (!closing_ && !full_.exchange(true))
            parts_.log.warning("connections are closed at once: MaxConnections ({}) is reached", limit);
        ::close(accepted.descriptor);
        return;
    }
    full_ = false;
    ++count_;
    const std::size_t thread = next_++ % threads_.count();
    boost::asio::co_spawn(threads_.context(thread), hold(thread, std::move(accepted), std::move(tls)),
                          boost::asio::detached);
}

net::Task<void> Connections::hold(std::size_t thread, net::Listener::Accepted accepted,
                                  std::shared_ptr<const net::TlsServer> tls) {
    struct Count {
        std::atomic<unsigned>& count;
        ~Count() { --count; }
    } const counted{count_};
    co_await serve(thread, std::move(accepted), std::move(tls));
}

net::Task<void> Connections::serve(std::size_t thread, net::Listener::Accepted accepted,
                                   std::shared_ptr<const net::TlsServer> tls) {
    const std::string peer = accepted.peer;
    const net::Executor executor = threads_.context(thread).get_executor();
    const auto deadline = steady_clock::now() + handshake_patience;
    auto adopted = net::adopt(executor, std::move(accepted), std::move(tls), deadline);
    auto stream = co_await std::move(adopted);
    if (!stream.ok()) {
        parts_.log.debug("{}: {}", peer, stream.error().message());
        co_return;
    }
    struct Entry {
        std::set<net::Stream*>& set;
        net::Stream* stream;
        Entry(std::set<net::Stream*>& in, net::Stream* one) : set(in), stream(one) { set.insert(stream); }
        ~Entry() { set.erase(stream); }
    } const entry(open_[thread], stream->get());
    if (closing_) co_return;
    auto settings = connection_settings(*settings_.get());
    auto serving = channel::serve_connection(**stream, std::move(settings), parts_);
    co_await std::move(serving);
}

void Connections::close_all() {
    closing_ = true;
    for (std::size_t thread = 0; thread < threads_.count(); ++thread) {
        boost::asio::post(threads_.context(thread), [this, thread] {
            for (net::Stream* stream : open_[thread]) stream->close();
        });
    }
}

}  // namespace mullion::service
