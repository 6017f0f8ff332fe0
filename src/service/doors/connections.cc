#include "service/doors/connections.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>
#include <vector>

#include "channel/departure.h"

namespace mullion::service {
namespace {

using std::chrono::steady_clock;

constexpr Duration handshake_patience{30'000};  // For TLS.
constexpr unsigned most_local = 32;             // Connections over this machine's own socket.

bool answered_at(const std::string& address, const state::Settings& settings) {
    const bool version_6 = address.find(':') != std::string::npos;
    return wsman::filter_takes(version_6 ? settings.ipv6_filter : settings.ipv4_filter, address);
}

}  // namespace

channel::ServerSettings connection_settings(const state::Settings& settings, bool keytab) {
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
    Guest(Connections& all, std::size_t thread, std::uint64_t id, const net::Listener::Accepted& accepted,
          std::shared_ptr<const Doorway> doorway)
        : all_(all), thread_(thread), id_(id) {
        Open own;
        own.descriptor = own.socket = accepted.descriptor;
        own.local = accepted.local;
        own.local_port = accepted.local_port;
        own.tls = doorway && doorway->way()->tls != nullptr;
        own.doorway = std::move(doorway);
        all_.open_[thread_][id_] = std::move(own);
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

    void request() override { all_.open_[thread_][id_].in_request = true; }
    void answered() override { all_.open_[thread_][id_].in_request = false; }
    bool stays() override { return !turned_out_ && all_.may_stay(all_.open_[thread_][id_]); }
    // Who the connection was proven to be.
    [[nodiscard]] ProvenAccount& proven() { return proven_; }

    // What the connection's request is answered by, with an eye on whether its client stays.
    net::Task<channel::Outgoing> answer(channel::Incoming request) {
        if (request.identity && !request.local && proven_) {
            auto asking = still_himself(request);
            const bool himself = co_await std::move(asking);
            if (!himself) co_return turn_out();
            request.account_number = proven_->number;
        }
        request.departure = all_.open_[thread_][id_].departure = std::make_shared<channel::Departure>();
        auto answering = all_.parts_.handler(std::move(request));
        auto answer = co_await std::move(answering);
        all_.open_[thread_][id_].departure.reset();
        co_return answer;
    }

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
    // The account may have been deleted since the log-on, and another one of its name made.
    net::Task<bool> still_himself(const channel::Incoming& request) {
        auto looking = still_there(all_.accounts_.store, all_.parts_.pool, *proven_);
        const auto there = co_await std::move(looking);
        if (!there.ok())
            all_.parts_.log.error("{} from {}: whether the account is still there is not known: {}",
                                  proven_->name, request.client_ip, there.error().message());
        else if (!*there)
            all_.parts_.log.warning(
                "{} from {}: the account that logged on was deleted: its connection is ended", proven_->name,
                request.client_ip);
        co_return there.ok() && *there;
    }
    // As if he had never logged on; a connection has one owner, and that one is no more.
    channel::Outgoing turn_out() {
        turned_out_ = true;
        channel::Outgoing nobody;
        nobody.status = 401;
        return nobody;
    }

    Connections& all_;
    std::size_t thread_;
    std::uint64_t id_;
    ProvenAccount proven_;
    bool turned_out_ = false;
};

Connections::Connections(IoThreads& threads, const SettingsHolder& settings, bool keytab, Accounts accounts,
                         channel::ServerParts parts)
    : threads_(threads),
      settings_(settings),
      keytab_(keytab),
      accounts_(accounts),
      parts_(std::move(parts)),
      places_(system_clock()),
      open_(threads.count()) {}

void Connections::take(net::Listener::Accepted accepted, std::shared_ptr<const Doorway> doorway) {
    const auto settings = settings_.get();
    const auto limit = settings->max_connections;
    if (!answered_at(accepted.local, *settings)) {
        ::close(accepted.descriptor);
        return;
    }
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
    begin(thread, taken->id, std::move(accepted), std::move(doorway), std::nullopt);
}

void Connections::take_local(net::Listener::Accepted accepted, auth::Identity identity) {
    const std::size_t thread = next_++ % threads_.count();
    const auto taken = closing_ ? std::nullopt : places_.take_beside(thread, most_local);
    if (taken) return begin(thread, taken->id, std::move(accepted), nullptr, std::move(identity));
    if (!closing_) parts_.log.warning("a local connection is closed at once: {} are open", most_local);
    ::close(accepted.descriptor);
}

void Connections::begin(std::size_t thread, std::uint64_t id, net::Listener::Accepted accepted,
                        std::shared_ptr<const Doorway> doorway, std::optional<auth::Identity> local) {
    boost::asio::co_spawn(threads_.context(thread),
                          serve(thread, id, std::move(accepted), std::move(doorway), std::move(local)),
                          boost::asio::detached);
}

net::Task<void> Connections::serve(std::size_t thread, std::uint64_t id, net::Listener::Accepted accepted,
                                   std::shared_ptr<const Doorway> doorway,
                                   std::optional<auth::Identity> local) {
    Guest guest(*this, thread, id, accepted, doorway);
    const std::string peer = accepted.peer;
    const net::Executor executor = threads_.context(thread).get_executor();
    const auto deadline = steady_clock::now() + handshake_patience;
    const auto way = doorway ? doorway->way() : nullptr;
    auto tls = way ? way->tls : nullptr;
    auto adopted = net::adopt(executor, std::move(accepted), std::move(tls), deadline);
    auto stream = co_await std::move(adopted);
    if (!stream.ok()) {
        parts_.log.debug("{}: {}", peer, stream.error().message());
        co_return;
    }
    guest.speaks(**stream);
    if (closing_ || !guest.stays()) co_return;
    const auto current = [this, thread, id] {
        auto out = connection_settings(*settings_.get(), keytab_);
        if (const auto& now = open_[thread].at(id).doorway)
            out.path = "/" + now->way()->listener.url_prefix;
        else
            out.allow_unencrypted = true;  // What is said there leaves the kernel nowhere.
        return out;
    };
    auto settings = current();
    NotingVerifier basic(accounts_.basic, guest.proven());
    const auto acceptor = [this, &guest](channel::Handshake scheme, const auth::ChannelBinding& binding) {
        return noting(parts_.make_acceptor(scheme, binding), guest.proven());
    };
    const auto handler = [&guest](channel::Incoming request) { return guest.answer(std::move(request)); };
    channel::ServerParts parts{parts_.pool,
                               basic,
                               acceptor,
                               handler,
                               parts_.log,
                               &guest,
                               parts_.verify_certificate,
                               parts_.doorkeeper,
                               std::move(local),
                               current};
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

bool Connections::may_stay(const Open& one) const {
    if (!one.doorway) return true;
    if (one.homeless) return false;
    if ((one.doorway->way()->tls != nullptr) != one.tls) return false;  // The listener speaks otherwise now.
    return one.doorway->open() && answered_at(one.local, *settings_.get());
}

// A listener that came or went may have taken its address over.
void Connections::find_home(Open& one, const DoorwayAt& doorway_at) {
    if (!one.doorway) return;
    auto home = doorway_at(one.local, one.local_port);
    one.homeless = !home || (home->way()->tls != nullptr) != one.tls;
    if (!one.homeless) one.doorway = std::move(home);
}

void Connections::look_again(const DoorwayAt& doorway_at) {
    for (std::size_t thread = 0; thread < threads_.count(); ++thread) {
        boost::asio::post(threads_.context(thread), [this, thread, doorway_at] {
            for (auto& [id, one] : open_[thread]) {
                find_home(one, doorway_at);
                if (!one.in_request && !may_stay(one)) end_now(one);
            }
        });
    }
}

void Connections::end(ConnectionPlaces::Where where) {
    boost::asio::post(threads_.context(where.thread), [this, where] {
        const auto found = open_[where.thread].find(where.id);
        if (found != open_[where.thread].end()) end_now(found->second);
    });
}

void Connections::look_for_departures() {
    for (std::size_t thread = 0; thread < threads_.count(); ++thread)
        boost::asio::post(threads_.context(thread), [this, thread] { look(thread); });
}

// Whoever only says that he will say no more looks alike: an answer that has been waited for in vain is what
// both get, and the latter can read it.
void Connections::look(std::size_t thread) {
    std::vector<pollfd> sockets;
    std::vector<std::shared_ptr<channel::Departure>> departures;
    for (const auto& [id, one] : open_[thread]) {
        if (one.ended || !one.departure) continue;
        sockets.push_back({one.socket, POLLRDHUP, 0});
        departures.push_back(one.departure);
    }
    if (sockets.empty() || ::poll(sockets.data(), sockets.size(), 0) <= 0) return;
    for (std::size_t i = 0; i < sockets.size(); ++i)
        if (sockets[i].revents != 0) departures[i]->happen();
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
