#include "net/http_io.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <span>

#include "core/secret.h"
#include "net/http_parser.h"

namespace mullion::net {
namespace {

// An idle connection keeps the small one; bodies come in TLS records of 16 KiB.
constexpr std::size_t header_chunk = 4 * 1024;
constexpr std::size_t body_chunk = 64 * 1024;
// An answer that has begun comes at least this fast on average, after a grace of one read timeout: a host
// that drips may not hold its place for ever, and every link that people use is faster.
constexpr std::int64_t slowest = 512;  // Bytes a second.
// RFC 9110 15.2 sets no bound; WinRM services send none of these at all.
constexpr int most_informational = 8;

// RFC 8446 5.1: the type of an alert or a handshake, then the major version 3.
bool is_tls_record(std::string_view bytes) {
    return bytes.size() >= 2 && (bytes[0] == 0x15 || bytes[0] == 0x16) && bytes[1] == 0x03;
}
bool may_be_tls_record(std::string_view bytes) {
    return bytes.size() == 1 && (bytes[0] == 0x15 || bytes[0] == 0x16);
}

// True while `bytes` may still become an answer of HTTP/1.x.
bool may_be_response(std::string_view bytes) {
    constexpr std::string_view start = "HTTP/1.";
    const auto shared = std::min(bytes.size(), start.size());
    return bytes.substr(0, shared) == start.substr(0, shared);
}

bool may_be_request(std::string_view bytes) {
    return bytes.empty() || (bytes[0] >= 'A' && bytes[0] <= 'Z');
}

}  // namespace

struct HttpReader::State {
    Stream& stream;
    HttpLimits limits;
    std::string buffer = {};
    std::optional<MessageParser> parser = {};  // Of the message being read.
    std::optional<std::string> sized = {};     // Its body, when that came with a length.
    std::size_t most_body = 0;                 // What its body may have.
    std::size_t arrived = 0;                   // Bytes of it so far,
    MonotonicTime began = {};                  // since the first one.
    bool expects_continue = false;
    std::optional<Duration> between_bytes = {};
    MonotonicTime deadline = MonotonicTime::max();

    [[nodiscard]] MonotonicTime patience() const {
        const auto quiet = std::chrono::steady_clock::now() + *between_bytes;
        if (arrived == 0) return std::min(deadline, quiet);
        const std::chrono::seconds earned(static_cast<std::int64_t>(arrived) / slowest);
        return std::min({deadline, quiet, began + *between_bytes + earned});
    }

    Task<Result<std::size_t>> read(std::span<char> into) {
        if (between_bytes) stream.expires_at(patience());
        auto count = co_await stream.read_some(into);
        if (count.ok()) {
            if (arrived == 0) began = std::chrono::steady_clock::now();
            arrived += *count;
        } else if (count.error().id == ErrorId::net_read_timeout && arrived > 0) {
            count.error().detail = fmt::format("only {} bytes of it came", arrived);
        }
        co_return count;
    }

    // Appends at least a byte to the buffer; false at the peer's end.
    Task<Result<bool>> more(std::size_t chunk) {
        const auto old = buffer.size();
        if (buffer.capacity() < old + chunk) {
            // By hand: what a string grows out of keeps the Authorization that it held.
            std::string larger;
            larger.reserve(std::max(old + chunk, 2 * buffer.capacity()));
            larger.append(buffer);
            wipe(buffer);
            buffer = std::move(larger);
        }
        buffer.resize(old + chunk);
        const auto count = co_await read({buffer.data() + old, chunk});
        buffer.resize(old + (count ? *count : 0));
        if (!count) co_return count.error();
        co_return *count > 0;
    }

    // Reads a whole header into `parser`. False: the peer ended before its first byte.
    Task<Result<bool>> header(MessageKind kind) {
        std::size_t searched = 0;
        arrived = buffer.size();
        began = std::chrono::steady_clock::now();
        while (true) {
            if (kind == MessageKind::response && is_tls_record(buffer)) {
                co_return Error(ErrorId::http_tls_port, "the answer is a TLS record");
            }
            const bool possible =
                kind == MessageKind::response ? may_be_response(buffer) : may_be_request(buffer);
            if (!possible && !may_be_tls_record(buffer)) {
                co_return Error(ErrorId::http_malformed, is_tls_record(buffer)
                                                             ? "TLS was spoken to the HTTP port"
                                                             : "these bytes are not HTTP");
            }
            const auto end = find_header_end(buffer, searched);
            if (end.value_or(buffer.size()) > limits.header) {
                co_return Error(ErrorId::http_too_large,
                                fmt::format("a header over {} bytes", limits.header));
            }
            if (end) {
                parser.emplace(kind, limits);
                most_body = limits.body;
                if (kind == MessageKind::request) parser->body_limit(SIZE_MAX);  // Decided after the header.
                auto put = parser->put_header(std::string_view(buffer).substr(0, *end));
                wipe_memory(buffer.data(), *end);  // Authorization may hold a password.
                buffer.erase(0, *end);
                if (!put) co_return std::move(put).error();
                co_return true;
            }
            searched = buffer.size();
            auto came = co_await more(header_chunk);
            if (!came) co_return std::move(came).error();
            if (!*came && buffer.empty()) co_return false;
            if (!*came) co_return Error(ErrorId::net_closed, "in the middle of a header");
        }
    }

    // A body whose length is known, straight into its place. That grows with what comes, not with what was
    // announced.
    Task<Result<void>> sized_body(std::size_t length) {
        std::size_t filled = std::min(buffer.size(), length);
        sized.emplace();
        sized->reserve(length);
        sized->assign(buffer, 0, filled);
        buffer.erase(0, filled);
        while (filled < length) {
            if (filled == sized->size()) sized->resize(std::min(length, filled + body_chunk));
            const auto count = co_await read({sized->data() + filled, sized->size() - filled});
            if (!count) co_return count.error();
            if (*count == 0) co_return Error(ErrorId::net_closed, "in the middle of a body");
            filled += *count;
        }
        if (buffer.empty()) buffer.shrink_to_fit();
        co_return Result<void>{};
    }

    [[nodiscard]] std::string take_body() {
        if (sized) return std::exchange(sized, std::nullopt).value();
        return parser->take_body();
    }

    // Reads the body to its end; kept unless `drop`.
    Task<Result<void>> body(bool drop) {
        sized.reset();
        const auto length = parser->content_length();
        if (length.value_or(0) > 0 && !drop && !parser->done())
            return sized_body(static_cast<std::size_t>(*length));
        return parsed_body(drop);
    }

    Task<Result<void>> parsed_body(bool drop) {
        std::size_t wire = 0;  // Chunks' headers and extensions count here: a body of one byte each may not
                               // cost a thousand times its size.
        while (!parser->done()) {
            if (!buffer.empty()) {
                const auto count = parser->put_body(buffer);
                if (!count) co_return count.error();
                wire += *count;
                if (wire / 2 > most_body + limits.header)
                    co_return Error(ErrorId::http_too_large, "chunks that are more framing than content");
                buffer.erase(0, *count);
                if (drop) (void)parser->take_body();
                if (*count > 0) continue;
                // Only a chunk's header or a trailer is left over for the next time.
                if (buffer.size() > limits.header)
                    co_return Error(ErrorId::http_too_large, "a chunk's header");
            }
            auto came = co_await more(body_chunk);
            if (!came) co_return std::move(came).error();
            if (*came) continue;
            if (!buffer.empty()) co_return Error(ErrorId::net_closed, "in the middle of a body");
            if (auto end = parser->put_end(); !end) co_return std::move(end).error();
        }
        if (buffer.empty()) buffer.shrink_to_fit();
        co_return Result<void>{};
    }

    Task<Result<void>> begin_request_body(std::size_t limit) {
        if (parser->content_length().value_or(0) > limit) {
            co_return Error(ErrorId::http_too_large,
                            fmt::format("a body of {} bytes", *parser->content_length()));
        }
        parser->body_limit(limit);
        most_body = limit;
        // RFC 9110 10.1.1: not when some of the body has come already.
        if (std::exchange(expects_continue, false) && buffer.empty() && !parser->done()) {
            co_return co_await stream.write("HTTP/1.1 100 Continue\r\n\r\n");
        }
        co_return Result<void>{};
    }
};

HttpReader::HttpReader(Stream& stream, HttpLimits limits)
    : state_(std::make_unique<State>(State{stream, limits})) {}
HttpReader::~HttpReader() = default;

void HttpReader::wait_at_most(Duration between_bytes, MonotonicTime deadline) {
    state_->between_bytes = between_bytes;
    state_->deadline = deadline;
}

Task<Result<http::Response>> HttpReader::response() {
    for (int informational = 0; informational <= most_informational; ++informational) {
        auto found = co_await state_->header(MessageKind::response);
        if (!found) co_return std::move(found).error();
        if (!*found) co_return Error(ErrorId::net_closed, "not a byte of it came");
        auto& parser = *state_->parser;
        if (parser.status() == 101)
            co_return Error(ErrorId::http_malformed, "101 without asking for an upgrade");
        if (parser.status() < 200) continue;

        if (auto read = co_await state_->body(false); !read) co_return std::move(read).error();
        http::Response response;
        response.status = parser.status();
        response.reason = parser.reason();
        // What came behind it nobody asked for; the next answer must not be found there.
        response.keep_alive = parser.keep_alive() && state_->buffer.empty();
        response.headers = std::move(parser.headers());
        response.body = state_->take_body();
        state_->parser.reset();
        co_return response;
    }
    co_return Error(ErrorId::http_malformed, "one informational answer after the other");
}

Task<Result<std::optional<http::Request>>> HttpReader::request_header() {
    auto found = co_await state_->header(MessageKind::request);
    if (!found) co_return std::move(found).error();
    if (!*found) co_return std::optional<http::Request>{};
    auto& parser = *state_->parser;
    http::Request request;
    request.method = parser.method();
    request.target = parser.target();
    request.keep_alive = parser.keep_alive();
    request.headers = std::move(parser.headers());
    const auto expectation = request.headers.first("Expect");
    state_->expects_continue = expectation && http::same_without_case(*expectation, "100-continue");
    co_return std::optional<http::Request>(std::move(request));
}

Task<Result<std::string>> HttpReader::request_body(std::size_t limit) {
    if (auto begun = co_await state_->begin_request_body(limit); !begun) co_return std::move(begun).error();
    if (auto read = co_await state_->body(false); !read) co_return std::move(read).error();
    co_return state_->take_body();
}

Task<Result<void>> HttpReader::drop_request_body(std::size_t limit) {
    if (auto begun = co_await state_->begin_request_body(limit); !begun) co_return std::move(begun).error();
    co_return co_await state_->body(true);
}

Task<Result<void>> write_request(Stream& stream, const http::Request& request) {
    auto bytes = to_bytes(request);
    auto written = co_await stream.write(bytes);
    if (request.headers.has("Authorization")) wipe(bytes);
    co_return written;
}

Task<Result<void>> write_response(Stream& stream, const http::Response& response) {
    const auto bytes = to_bytes(response);
    co_return co_await stream.write(bytes);
}

}  // namespace mullion::net
