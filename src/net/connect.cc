#include "net/connect.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/core.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <vector>

#include "net/address.h"
#include "net/local.h"
#include "net/make_stream.h"
#include "net/proxy_tunnel.h"
#include "net/resolve.h"

namespace mullion::net {
namespace {

namespace asio = boost::asio;

// RFC 8305 5 recommends 250 ms before the next address is tried beside the last.
constexpr auto attempt_delay = std::chrono::milliseconds(250);

// Attempts at several addresses side by side; shared by the coroutine that waits and those that try.
struct Race {
    struct Attempt {
        SocketAddress address;
        std::optional<Socket> socket;  // Also in here so that a lost attempt can be closed.
        std::string failure;           // Empty while it runs.
        ErrorId id = ErrorId::net_unreachable;
    };
    explicit Race(const Executor& executor) : news(executor) {}

    asio::steady_timer news;  // Cancelled when an attempt ends.
    bool has_news = false;
    std::vector<std::unique_ptr<Attempt>> attempts;
    std::optional<std::size_t> winner;

    [[nodiscard]] bool all_failed() const {
        return std::all_of(attempts.begin(), attempts.end(),
                           [](const auto& a) { return !a->failure.empty(); });
    }
};

ErrorId id_of(int number) {
    switch (number) {
        case ECONNREFUSED:
        case ECONNRESET:
            return ErrorId::net_refused;
        case ETIMEDOUT:
            return ErrorId::net_timeout;
        case EMFILE:
        case ENFILE:
            return ErrorId::net_descriptors;
        default:
            return ErrorId::net_unreachable;
    }
}

void fail(Race::Attempt& attempt, int number) {
    attempt.id = id_of(number);
    attempt.failure = errno_text(number);
}

// Starts a connection; 0 or errno. The socket is in `attempt` when it could be made.
int start(const Executor& executor, Race::Attempt& attempt) {
    const int descriptor = ::socket(attempt.address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return errno;
    attempt.socket.emplace(executor, descriptor);
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    if (::connect(descriptor, attempt.address.raw(), attempt.address.size) == 0) return 0;
    return errno;
}

int outcome(int descriptor) {
    int number = 0;
    socklen_t size = sizeof number;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size) != 0) return errno;
    return number;
}

Task<void> run_attempt(std::shared_ptr<Race> race, std::size_t index, Executor executor,
                       MonotonicTime deadline) {
    auto& attempt = *race->attempts[index];
    int number = ENOBUFS;
    try {
        number = start(executor, attempt);
    } catch (const boost::system::system_error& trouble) {  // No room for it in the reactor.
        number = trouble.code().value();
    }
    if (number == EINPROGRESS) {
        attempt.socket->expires_at(deadline);
        const auto ready = co_await attempt.socket->wait(Socket::Wait::writable);
        if (ready.ok()) {
            number = outcome(attempt.socket->descriptor());
        } else {
            number = ready.error().id == ErrorId::net_read_timeout ? ETIMEDOUT : ECANCELED;
        }
    }
    if (number != 0) {
        fail(attempt, number);
        if (attempt.socket) attempt.socket->close();
    } else if (!race->winner) {
        race->winner = index;
    }
    race->has_news = true;
    race->news.cancel();
}

Error failure_of(const Race& race, const Endpoint& endpoint, bool timed_out) {
    std::string tried;
    // A refusal says most about the host, then silence; "no route" is often just the family this network
    // lacks.
    std::optional<ErrorId> id;
    const auto rank = [](ErrorId one) {
        if (one == ErrorId::net_descriptors)
            return 3;  // Says nothing about the host, so nothing else counts.
        return one == ErrorId::net_refused ? 2 : one == ErrorId::net_timeout ? 1 : 0;
    };
    for (const auto& attempt : race.attempts) {
        const bool silent = attempt->failure.empty() || attempt->failure == errno_text(ETIMEDOUT);
        const auto own = silent ? ErrorId::net_timeout : attempt->id;
        if (!id || rank(own) > rank(*id)) id = own;
        fmt::format_to(std::back_inserter(tried), "{}{}: {}", tried.empty() ? "" : "; ",
                       address_text(attempt->address), silent ? "no answer" : attempt->failure);
    }
    if (timed_out && id != ErrorId::net_refused && id != ErrorId::net_descriptors) id = ErrorId::net_timeout;
    return {id.value_or(ErrorId::net_unreachable),
            fmt::format("connect to {} port {}: {}", endpoint.host, endpoint.port, tried)};
}

Task<Result<Socket>> connect_to_one_of(Executor executor, std::vector<SocketAddress> addresses,
                                       const Endpoint& endpoint, MonotonicTime deadline) {
    const auto race = std::make_shared<Race>(executor);
    std::size_t next = 0;
    bool timed_out = false;
    if (addresses.size() == 1) {  // Nobody to race against: no second coroutine, and no waiting for its news.
        race->attempts.push_back(std::make_unique<Race::Attempt>(Race::Attempt{addresses[0], {}, {}, {}}));
        co_await run_attempt(race, next++, executor, deadline);
        timed_out = deadline <= std::chrono::steady_clock::now();
    }
    while (!race->winner) {
        if (next < addresses.size()) {
            race->attempts.push_back(
                std::make_unique<Race::Attempt>(Race::Attempt{addresses[next], {}, {}, {}}));
            asio::co_spawn(executor, run_attempt(race, next, executor, deadline), asio::detached);
            next += 1;
        } else if (race->all_failed()) {
            break;
        }
        // All of them end at the deadline by themselves, unless they succeeded while this thread was busy.
        const auto next_start = std::chrono::steady_clock::now() + attempt_delay;
        race->news.expires_at(next < addresses.size() ? std::min(next_start, deadline)
                                                      : MonotonicTime::max());
        if (!race->has_news) co_await race->news.async_wait(asio::as_tuple(asio::use_awaitable));
        race->has_news = false;
        timed_out = deadline <= std::chrono::steady_clock::now();
        if (timed_out) next = addresses.size();
    }
    for (std::size_t i = 0; i < race->attempts.size(); ++i) {
        auto& socket = race->attempts[i]->socket;
        if (race->winner != i && socket) socket->close();
    }
    if (!race->winner) co_return failure_of(*race, endpoint, timed_out);
    co_return std::move(*race->attempts[*race->winner]->socket);
}

Error during_connect(Error error, const Endpoint& endpoint, const std::string& peer) {
    // The stream's words are about answers; here nothing was sent yet.
    const auto where = fmt::format("TLS with {} ({}) port {}", endpoint.host, peer, endpoint.port);
    if (error.id == ErrorId::net_read_timeout) return {ErrorId::net_timeout, where + ": no answer"};
    error.detail = error.detail.empty() ? where : where + ": " + error.detail;
    if (error.id == ErrorId::net_closed) error.id = ErrorId::tls_handshake;
    return error;
}

Endpoint first_hop(const Endpoint& endpoint) {
    if (!endpoint.proxy) return endpoint;
    Endpoint hop;
    hop.host = endpoint.proxy->host;
    hop.port = endpoint.proxy->port;
    return hop;
}

std::string authority_of(const Endpoint& endpoint) {
    // A scope is this machine's own and means nothing to the proxy (RFC 6874 4).
    const auto host = endpoint.host.substr(0, endpoint.host.find('%'));
    const bool ipv6 = host.find(':') != std::string::npos;
    return ipv6 ? fmt::format("[{}]:{}", host, endpoint.port) : fmt::format("{}:{}", host, endpoint.port);
}

// With a proxy in between, a refusal is the proxy's and not the host's.
Error on_the_way(Error error, const Endpoint& endpoint) {
    if (endpoint.proxy) error.detail = "the proxy: " + error.detail;
    return error;
}

// Nothing of the work was sent yet, whatever went wrong.
Error during_tunnel(Error error, const Endpoint& endpoint) {
    const auto where = fmt::format("proxy {} port {}", endpoint.proxy->host, endpoint.proxy->port);
    if (error.id == ErrorId::net_read_timeout)
        return {ErrorId::net_timeout, where + ": no answer to CONNECT"};
    error.id = ErrorId::net_proxy;
    error.detail = where + ": " + error.detail;
    return error;
}

}  // namespace

Task<Result<std::unique_ptr<Stream>>> connect(Executor executor, WorkerPool& pool, Endpoint endpoint,
                                              MonotonicTime deadline) {
    if (!endpoint.socket.empty()) {
        auto connecting = connect_locally(executor, endpoint.socket, deadline);
        co_return co_await std::move(connecting);
    }
    const Endpoint first = first_hop(endpoint);
    auto addresses = co_await resolve(executor, pool, first.host, first.port, deadline);
    if (!addresses) co_return on_the_way(std::move(addresses).error(), endpoint);
    auto found = co_await connect_to_one_of(executor, std::move(*addresses), first, deadline);
    if (!found) co_return on_the_way(std::move(found).error(), endpoint);

    Socket socket = std::move(found).value();
    const std::string peer = address_text(peer_address(socket.descriptor()));
    socket.expires_at(deadline);
    if (endpoint.proxy) {
        auto tunnel = co_await open_tunnel(socket, authority_of(endpoint));
        if (!tunnel) co_return during_tunnel(std::move(tunnel).error(), endpoint);
    }
    if (!endpoint.tls) {
        socket.expires_at(MonotonicTime::max());
        co_return make_plain_stream(std::move(socket), peer);
    }
    const std::string name = endpoint.tls_name.empty() ? endpoint.host : endpoint.tls_name;
    auto stream = co_await start_tls(std::move(socket), peer, endpoint.tls, name);
    if (!stream) co_return during_connect(std::move(stream).error(), endpoint, peer);
    (*stream)->expires_at(MonotonicTime::max());
    co_return stream;
}

}  // namespace mullion::net
