#include "net/resolve.h"

#include <netdb.h>

#include <fmt/core.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

namespace mullion::net {
namespace {

namespace asio = boost::asio;

using Addresses = Result<std::vector<SocketAddress>>;

std::vector<SocketAddress> taking_turns(const addrinfo* list) {
    std::vector<SocketAddress> first, second, merged;
    for (const auto* item = list; item != nullptr; item = item->ai_next) {
        if (item->ai_addrlen > sizeof(sockaddr_storage)) continue;
        SocketAddress address;
        std::memcpy(&address.storage, item->ai_addr, item->ai_addrlen);
        address.size = item->ai_addrlen;
        (first.empty() || first.front().family() == address.family() ? first : second).push_back(address);
    }
    for (std::size_t i = 0; i < first.size() || i < second.size(); ++i) {
        if (i < first.size()) merged.push_back(first[i]);
        if (i < second.size()) merged.push_back(second[i]);
    }
    return merged;
}

Addresses look_up(const std::string& host, std::uint16_t port, int flags) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
    if (code != 0) {
        if (code == EAI_SYSTEM && (errno == EMFILE || errno == ENFILE))
            return Error(ErrorId::net_descriptors, fmt::format("looking up {}: {}", host, errno_text(errno)));
        const std::string reason = code == EAI_SYSTEM ? errno_text(errno) : gai_strerror(code);
        return Error(ErrorId::net_name, fmt::format("looking up {}: {}", host, reason));
    }
    auto addresses = taking_turns(list);
    freeaddrinfo(list);
    return addresses;
}

// AI_ADDRCONFIG does not count loopback, so it would hide localhost on a machine without a network.
int flags_for(const std::string& host) {
    return host.ends_with("localhost") ? 0 : AI_ADDRCONFIG;
}

struct Pending {
    explicit Pending(const Executor& executor) : done(executor) {}
    asio::steady_timer done;
    std::optional<Addresses> result;
};

Task<void> look_up_on_worker(WorkerPool& pool, std::shared_ptr<Pending> pending, std::string host,
                             std::uint16_t port) {
    auto job = [host, port] { return look_up(host, port, flags_for(host)); };
    pending->result = co_await pool.run(std::move(job));
    pending->done.cancel();
}

}  // namespace

Task<Result<std::vector<SocketAddress>>> resolve(Executor executor, WorkerPool& pool, std::string host,
                                                 std::uint16_t port, MonotonicTime deadline) {
    // An embedded NUL would look up another name than the one shown.
    if (host.empty() || host.size() > 1024 || host.find('\0') != std::string::npos) {
        co_return Error(ErrorId::net_name, fmt::format("\"{}\" is no host name", host.substr(0, 100)));
    }
    if (auto numeric = look_up(host, port, AI_NUMERICHOST); numeric.ok()) co_return numeric;

    const auto pending = std::make_shared<Pending>(executor);
    pending->done.expires_at(deadline);
    asio::co_spawn(executor, look_up_on_worker(pool, pending, host, port), asio::detached);
    if (!pending->result) co_await pending->done.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!pending->result) {
        co_return Error(ErrorId::net_name,
                        fmt::format("looking up {}: no answer within the connect timeout", host));
    }
    co_return std::move(*pending->result);
}

}  // namespace mullion::net
