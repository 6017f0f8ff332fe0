#include "net/resolve.h"

#include <netinet/in.h>

#include <fmt/core.h>

namespace mullion::net {
namespace {

Result<std::vector<SocketAddress>> with_port(Result<std::vector<SocketAddress>> found, std::uint16_t port) {
    if (!found.ok()) return found;
    for (auto& address : *found) {
        if (address.family() == AF_INET6)
            reinterpret_cast<sockaddr_in6*>(address.raw())->sin6_port = htons(port);
        else
            reinterpret_cast<sockaddr_in*>(address.raw())->sin_port = htons(port);
    }
    return found;
}

}  // namespace

Task<Result<std::vector<SocketAddress>>> resolve(Executor executor, WorkerPool& pool, std::string host,
                                                 std::uint16_t port, MonotonicTime deadline) {
    // An embedded NUL would look up another name than the one shown.
    if (host.empty() || host.size() > 1024 || host.find('\0') != std::string::npos) {
        co_return Error(ErrorId::net_name, fmt::format("\"{}\" is no host name", host.substr(0, 100)));
    }
    if (auto numeric = read_address(host); numeric.ok()) co_return with_port(std::move(numeric), port);
    auto found = co_await pool.names().find(executor, std::move(host), deadline);
    co_return with_port(std::move(found), port);
}

}  // namespace mullion::net
