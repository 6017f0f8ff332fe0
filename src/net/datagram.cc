#include "net/datagram.h"

#include <sys/socket.h>

#include <fmt/core.h>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <utility>

#include "net/address.h"
#include "net/resolve.h"
#include "net/socket.h"

namespace mullion::net {
namespace {

constexpr std::size_t largest_answer = 2048;

Error failure(int number, const SocketAddress& address) {
    auto id = ErrorId::net_unreachable;
    if (number == ECONNREFUSED) id = ErrorId::net_refused;
    if (number == EMFILE || number == ENFILE) id = ErrorId::net_descriptors;
    return {id,
            fmt::format("{} port {}: {}", address_text(address), address_port(address), errno_text(number))};
}

Error silence(const SocketAddress& address) {
    return {ErrorId::net_timeout,
            fmt::format("{} port {}: no answer", address_text(address), address_port(address))};
}

// Connected, so that the kernel drops what comes from another address, and tells of a port where nobody is.
Result<Socket> open_towards(const Executor& executor, const SocketAddress& address) {
    const int descriptor = ::socket(address.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return failure(errno, address);
    std::optional<Socket> socket;
    try {
        socket.emplace(executor, descriptor);
    } catch (const boost::system::system_error& trouble) {  // No room for it in the reactor.
        return failure(trouble.code().value(), address);
    }
    if (::connect(descriptor, address.raw(), address.size) != 0) return failure(errno, address);
    return std::move(*socket);
}

// What has arrived; nothing where nothing has. Errors: as failure()
Result<std::optional<std::string>> receive(const Socket& socket, const SocketAddress& address) {
    std::array<char, largest_answer> bytes{};
    for (;;) {
        const auto got = ::recv(socket.descriptor(), bytes.data(), bytes.size(), MSG_TRUNC);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return std::optional<std::string>();
        if (got < 0) return failure(errno, address);
        const auto size = static_cast<std::size_t>(got);
        // A larger one is none: it would be cut.
        if (size > bytes.size()) return std::optional<std::string>(std::string());
        return std::optional<std::string>(std::string(bytes.data(), size));
    }
}

Task<Result<std::string>> ask_once(Executor executor, const DatagramQuestion& question,
                                   const SocketAddress& address, MonotonicTime until) {
    auto socket = open_towards(executor, address);
    if (!socket.ok()) co_return std::move(socket).error();
    socket->expires_at(until);
    const auto packet = question.make();
    if (::send(socket->descriptor(), packet.data(), packet.size(), MSG_NOSIGNAL) < 0)
        co_return failure(errno, address);
    for (;;) {
        // Also in front of each look, so that who sends without end cannot outrun the deadline.
        const auto ready = co_await socket->wait(Socket::Wait::readable);
        if (!ready.ok()) co_return silence(address);
        auto got = receive(*socket, address);
        if (!got.ok()) co_return std::move(got).error();
        if (*got && question.takes(**got)) co_return std::move(**got);
        if (std::chrono::steady_clock::now() >= until) co_return silence(address);
    }
}

}  // namespace

Task<Result<std::string>> ask_datagram(Executor executor, WorkerPool& pool, DatagramQuestion question,
                                       MonotonicTime deadline) {
    const auto found = co_await resolve(executor, pool, question.host, question.port, deadline);
    if (!found.ok()) co_return found.error();
    std::optional<Error> failed;
    // An address that refuses costs no time, so each is asked once more only where one was silent.
    for (bool silent = true; silent;) {
        silent = false;
        for (const auto& address : *found) {
            const auto now = std::chrono::steady_clock::now();
            if (now >= deadline) break;
            auto answer =
                co_await ask_once(executor, question, address, std::min(deadline, now + question.patience));
            if (answer.ok()) co_return answer;
            const bool timeout = answer.error().id == ErrorId::net_timeout;
            silent = silent || timeout;
            // A refusal says more than silence.
            if (!failed || !timeout) failed = std::move(answer).error();
        }
        if (std::chrono::steady_clock::now() >= deadline) break;
    }
    if (failed) co_return std::move(*failed);
    co_return Error(ErrorId::net_timeout, fmt::format("{}: no time was left to ask", question.host));
}

}  // namespace mullion::net
