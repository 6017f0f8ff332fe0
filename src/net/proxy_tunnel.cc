#include "net/proxy_tunnel.h"

#include <sys/socket.h>

#include <fmt/core.h>

#include <array>
#include <cerrno>

#include "net/address.h"
#include "net/http_parser.h"

namespace mullion::net {
namespace {

constexpr std::size_t header_limit = 16 * 1024;  // A proxy's answer to CONNECT is a few hundred bytes.

Task<Result<void>> send_all(Socket& socket, std::string bytes) {
    std::string_view rest = bytes;
    while (!rest.empty()) {
        if (auto state = socket.check(); !state) co_return std::move(state).error();
        const auto count = ::send(socket.descriptor(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (count >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(count));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN)
            co_return Error(ErrorId::net_closed, "writing to the proxy: " + errno_text(errno));
        if (auto ready = co_await socket.wait(Socket::Wait::writable); !ready)
            co_return std::move(ready).error();
    }
    co_return Result<void>{};
}

// The answer's header. Behind it the host's bytes begin, and the host does not speak first, neither in TLS
// nor in HTTP: more bytes are none of its.
Task<Result<std::string>> read_header(Socket& socket) {
    std::string header;
    std::array<char, 2048> piece{};
    while (true) {
        if (auto state = socket.check(); !state) co_return std::move(state).error();
        const auto count = ::recv(socket.descriptor(), piece.data(), piece.size(), 0);
        if (count == 0) co_return Error(ErrorId::net_closed, "the proxy closed the connection");
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno != EAGAIN)
            co_return Error(ErrorId::net_closed, "reading from the proxy: " + errno_text(errno));
        if (count < 0) {
            if (auto ready = co_await socket.wait(Socket::Wait::readable); !ready)
                co_return std::move(ready).error();
            continue;
        }
        const auto searched = header.size() < 3 ? 0 : header.size() - 3;
        header.append(piece.data(), static_cast<std::size_t>(count));
        if (const auto end = find_header_end(header, searched)) {
            header.resize(*end);  // What a refusal says below its header is a page for browsers.
            co_return header;
        }
        if (header.size() > header_limit)
            co_return Error(ErrorId::http_malformed, "the proxy's answer has no end");
    }
}

Result<void> judge(std::string_view header, const std::string& authority) {
    MessageParser parser(MessageKind::response, HttpLimits{header_limit, 0});
    // A body's length says nothing here (RFC 9110 9.3.6) and is over the limit of none: only the status
    // counts.
    parser.body_limit(static_cast<std::size_t>(-1) / 2);
    if (auto read = parser.put_header(header); !read.ok()) {
        auto error = std::move(read).error();
        error.detail = "the proxy's answer: " + error.detail;
        return error;
    }
    const int status = parser.status();
    if (status >= 200 && status < 300) return {};
    Error error(ErrorId::net_proxy, fmt::format("CONNECT {}: {} {}", authority, status, parser.reason()));
    error.http_status = status;
    if (status == 407)
        error.advice.emplace_back(
            "The proxy wants a log-on, which this version cannot give; ask for an exception.");
    return error;
}

}  // namespace

Task<Result<void>> open_tunnel(Socket& socket, std::string authority) {
    auto sent =
        co_await send_all(socket, fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n\r\n", authority));
    if (!sent) co_return std::move(sent).error();
    auto header = co_await read_header(socket);
    if (!header) co_return std::move(header).error();
    co_return judge(*header, authority);
}

}  // namespace mullion::net
