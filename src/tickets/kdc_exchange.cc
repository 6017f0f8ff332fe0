#include "tickets/kdc_exchange.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "kerberos/acquisition.h"
#include "net/connect.h"

namespace mullion::tickets {
namespace {

using net::Task;

// "[::1]:88" → ::1, 88.
net::Endpoint endpoint_of(const std::string& kdc) {
    net::Endpoint endpoint;
    const auto colon = kdc.rfind(':');
    const std::string_view port = std::string_view(kdc).substr(colon + 1);
    (void)std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
    endpoint.host = kdc.substr(0, colon);
    if (endpoint.host.starts_with('[')) endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
    return endpoint;
}

std::string framed(const std::string& message) {
    const auto size = static_cast<std::uint32_t>(message.size());
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(size >> shift & 0xff);
    return bytes + message;
}

Task<Result<void>> fill(net::Stream& stream, std::span<char> buffer) {
    while (!buffer.empty()) {
        auto got = co_await stream.read_some(buffer);
        if (!got) co_return std::move(got).error();
        if (*got == 0) co_return Error(ErrorId::net_closed, "closed before the answer's end");
        buffer = buffer.subspan(*got);
    }
    co_return Result<void>();
}

Task<Result<std::string>> read_answer(net::Stream& stream) {
    std::array<char, 4> length{};
    const std::span<char> head(length);
    auto begun = co_await fill(stream, head);
    if (!begun) co_return std::move(begun).error();
    std::size_t size = 0;
    for (const char byte : length) size = size << 8 | static_cast<unsigned char>(byte);
    // Its highest bit is reserved, and must be zero: then this limit is passed, too.
    if (size == 0 || size > kerberos::max_kdc_message)
        co_return Error(ErrorId::kerberos_failed, fmt::format("an answer of {} bytes", size));
    std::string answer(size, '\0');
    const std::span<char> rest(answer);
    auto done = co_await fill(stream, rest);
    if (!done) co_return std::move(done).error();
    co_return answer;
}

Task<Result<std::string>> ask(net::Executor executor, net::WorkerPool& workers, const std::string& kdc,
                              const std::string& bytes, MonotonicTime deadline) {
    const auto endpoint = endpoint_of(kdc);
    auto stream = co_await net::connect(executor, workers, endpoint, deadline);
    if (!stream) co_return std::move(stream).error();
    (*stream)->expires_at(deadline);
    auto sent = co_await (*stream)->write(bytes);
    if (!sent) co_return std::move(sent).error();
    co_return co_await read_answer(**stream);
}

MonotonicTime share(MonotonicTime deadline, std::size_t left, Duration most) {
    const auto now = std::chrono::steady_clock::now();
    if (left <= 1 || deadline <= now) return deadline;
    const auto all = std::chrono::duration_cast<Duration>(deadline - now);
    return now + std::min(most, all / static_cast<int>(left));
}

bool is_silence(const Error& error) {
    return error.id == ErrorId::net_timeout || error.id == ErrorId::net_read_timeout;
}

// Asks one, and notes what came of it. True: it closed the connection, which it may do when it has too many.
Task<bool> try_one(net::Executor executor, net::WorkerPool& workers, std::string kdc,
                   const std::string& bytes, MonotonicTime until, KdcReply& reply) {
    auto answer = co_await ask(executor, workers, kdc, bytes, until);
    if (answer) {
        reply.answer = std::move(*answer);
        reply.kdc = kdc;
        co_return false;
    }
    const auto& error = answer.error();
    const bool silent = is_silence(error);
    const auto& words = error.detail.empty() ? std::string(error.info().text) : error.detail;
    fmt::format_to(std::back_inserter(reply.tried), "{}{}: {}", reply.tried.empty() ? "" : "; ", kdc,
                   silent ? "no answer" : words);
    if (silent) reply.silent.push_back(kdc);
    co_return error.id == ErrorId::net_closed;
}

}  // namespace

Task<KdcReply> ask_kdcs(net::Executor executor, net::WorkerPool& workers, std::vector<std::string> kdcs,
                        std::string message, MonotonicTime deadline, Duration most) {
    const auto bytes = framed(message);
    KdcReply reply;
    std::vector<std::string> again;
    for (std::size_t i = 0; i < kdcs.size() && reply.answer.empty(); ++i) {
        const auto until = share(deadline, kdcs.size() - i, most);
        const bool closed = co_await try_one(executor, workers, kdcs[i], bytes, until, reply);
        if (closed) again.push_back(kdcs[i]);
    }
    for (std::size_t i = 0; i < again.size() && reply.answer.empty(); ++i) {
        const auto until = share(deadline, again.size() - i, most);
        (void)co_await try_one(executor, workers, again[i], bytes, until, reply);
    }
    co_return reply;
}

}  // namespace mullion::tickets
