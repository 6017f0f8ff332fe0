#include "simulate/connections.h"

#include <unistd.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <utility>

#include "service/doors/acceptors.h"
#include "service/doors/connections.h"
#include "simulate/fault_actions.h"

namespace mullion::simulate {
namespace {

using std::chrono::steady_clock;

constexpr Duration handshake_patience{30'000};  // For TLS.

// Counts the requests of one connection, and spoils handshakes where a rule says so.
class Watch final : public channel::ConnectionWatch {
public:
    explicit Watch(Host& host) : host_(host) {}
    void request() override {
        ++requests_;
        host_.ledger().request();
    }
    net::Task<channel::Delivery> handshake(http::Response& response) override {
        host_.ledger().step(Step::handshake);
        const FaultRule* rule = host_.faults().due(Step::handshake, {});
        if (rule == nullptr) co_return channel::Delivery{};
        host_.ledger().fault();
        co_return co_await handshake_with_fault(*rule, response);
    }
    [[nodiscard]] std::uint64_t requests() const { return requests_; }

private:
    Host& host_;
    std::uint64_t requests_ = 0;
};

// A stream that can be closed from outside, as long as this lives.
class Registered {
public:
    Registered(std::set<net::Stream*>& set, net::Stream& stream) : set_(set), stream_(&stream) {
        set_.insert(stream_);
    }
    Registered(const Registered&) = delete;
    Registered& operator=(const Registered&) = delete;
    ~Registered() { set_.erase(stream_); }

private:
    std::set<net::Stream*>& set_;
    net::Stream* stream_;
};

}  // namespace

struct Connections::Arrival {
    Arrival(Connections& connections, Host& to, std::size_t on, net::Listener::Accepted what,
            std::shared_ptr<const net::TlsServer> with)
        : all(connections), host(to), watch(to), thread(on), accepted(std::move(what)), tls(std::move(with)) {
        ++all.count_;
        host.ledger().connected(false);
    }
    Arrival(const Arrival&) = delete;
    Arrival& operator=(const Arrival&) = delete;
    ~Arrival() {
        if (accepted.descriptor >= 0) ::close(accepted.descriptor);
        host.ledger().disconnected(watch.requests());
        --all.count_;
    }

    Connections& all;
    Host& host;
    Watch watch;
    std::size_t thread;
    net::Listener::Accepted accepted;
    std::shared_ptr<const net::TlsServer> tls;
};

Connections::Connections(service::IoThreads& threads, net::WorkerPool& workers, Logger& log)
    : threads_(threads),
      workers_(workers),
      log_(log),
      doorkeeper_(log, system_clock(), service::LogonDoorkeeper::Delays::none),
      open_(threads.count()) {}

void Connections::take(Host& host, std::size_t thread, net::Listener::Accepted accepted,
                       std::shared_ptr<const net::TlsServer> tls) {
    if (closing_ || !host.has_place()) {
        ::close(accepted.descriptor);
        host.ledger().connected(true);
        return;
    }
    auto arrival = std::make_unique<Arrival>(*this, host, thread, std::move(accepted), std::move(tls));
    boost::asio::co_spawn(threads_.context(thread), hold(std::move(arrival)), boost::asio::detached);
}

net::Task<void> Connections::hold(std::unique_ptr<Arrival> arrival) {
    const FaultRule* rule = arrival->host.faults().due(Step::connect, {});
    if (rule != nullptr) {
        arrival->host.ledger().fault();
        if (rule->what == FaultRule::Do::drop) co_return;
        if (rule->how_long == never) co_return co_await stall(*arrival);
        co_await wait_for(rule->how_long);
    }
    co_await serve(*arrival);
}

// Whatever comes is read, and never answered.
net::Task<void> Connections::stall(Arrival& arrival) {
    auto stream = co_await adopt(arrival, false);
    if (!stream.ok()) co_return;
    const Registered registered(open_[arrival.thread], **stream);
    std::array<char, 4096> dropped{};
    while (!closing_) {
        const auto got = co_await (*stream)->read_some(dropped);
        if (!got.ok() || *got == 0) co_return;
    }
}

net::Task<Result<std::unique_ptr<net::Stream>>> Connections::adopt(Arrival& arrival, bool with_tls) {
    const net::Executor executor = threads_.context(arrival.thread).get_executor();
    net::Listener::Accepted accepted = std::move(arrival.accepted);
    arrival.accepted.descriptor = -1;
    const auto deadline = steady_clock::now() + handshake_patience;
    auto tls = with_tls ? arrival.tls : nullptr;
    auto adopted = net::adopt(executor, std::move(accepted), std::move(tls), deadline);
    co_return co_await std::move(adopted);
}

net::Task<void> Connections::serve(Arrival& arrival) {
    auto stream = co_await adopt(arrival, true);
    if (!stream.ok()) {
        log_.debug("{}: {}", arrival.host.spec().name, stream.error().message());
        co_return;
    }
    const Registered registered(open_[arrival.thread], **stream);
    if (closing_) co_return;
    const state::Settings& settings = arrival.host.spec().kind->settings;
    Host* host = &arrival.host;
    channel::MakeAcceptor make_acceptor = [host, &settings](channel::Handshake scheme,
                                                            const auth::ChannelBinding& binding) {
        return service::make_acceptor(scheme, host->accounts(),
                                      {binding, settings.hardening, host->spec().name}, host->kerberos());
    };
    channel::Handler handler = [host](channel::Incoming request) {
        return host->dispatcher().handle(std::move(request));
    };
    channel::ServerParts parts{workers_, host->accounts(), std::move(make_acceptor), std::move(handler),
                               log_,     &arrival.watch};
    parts.doorkeeper = &doorkeeper_;
    const auto way = service::connection_settings(settings, host->kerberos() != nullptr);
    auto serving = channel::serve_connection(**stream, way, std::move(parts));
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

}  // namespace mullion::simulate
