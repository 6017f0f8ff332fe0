// HTTP/1.1 over a Stream, both ends. Beast's parser lives behind this.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "http/message.h"
#include "net/stream.h"

namespace mullion::net {

struct HttpLimits {
    std::size_t header = 64 * 1024;        // Bytes of start line and fields (tokens of Kerberos are large).
    std::size_t body = 16 * 1024 * 1024;   // Bytes, decoded.
};

// Reads messages of one connection one after the other; keeps what came after a message.
class HttpReader {
public:
    HttpReader(Stream& stream, HttpLimits limits) : stream_(stream), limits_(limits) {}

    // Errors: net.closed (also when nothing at all came: then detail is "before an answer"), net.read_timeout,
    // http.malformed, http.too_large, http.tls_port (the answer is a TLS record). Content-Encoding other than identity and
    // Transfer-Encoding other than chunked are http.malformed. Trailers are dropped. Informational (1xx)
    // answers are skipped.
    [[nodiscard]] Task<Result<http::Response>> response();

    // Nothing at an orderly end between requests. `on_header` sees the request when its header is complete and
    // before its body is read; what it answers ends the request there (413, 401 without reading a body …).
    // Refuses Transfer-Encoding other than exactly "chunked" on HTTP/1.1, both lengths at once, and drops
    // trailers: identity is decided on the header alone (Beast 1.81 mixes trailers into the fields).
    using OnHeader = std::function<std::optional<http::Response>(const http::Request&)>;
    struct Incoming {
        http::Request request;
        std::optional<http::Response> refused;  // What on_header answered; the connection must close after it.
    };
    [[nodiscard]] Task<Result<std::optional<Incoming>>> request(const OnHeader& on_header);

private:
    Stream& stream_;
    HttpLimits limits_;
    std::string buffer_;
};

// Adds Content-Length (and Connection: close when keep_alive is false); one write.
[[nodiscard]] Task<Result<void>> write_request(Stream& stream, const http::Request& request);
[[nodiscard]] Task<Result<void>> write_response(Stream& stream, const http::Response& response);

// The same without a stream, for tests and fuzzing: bytes of one message.
[[nodiscard]] std::string to_bytes(const http::Request& request);
[[nodiscard]] std::string to_bytes(const http::Response& response);
// One whole message. Nothing: more bytes are needed.
[[nodiscard]] Result<std::optional<http::Request>> parse_request(std::string_view bytes, const HttpLimits& limits);
[[nodiscard]] Result<std::optional<http::Response>> parse_response(std::string_view bytes, const HttpLimits& limits);

}  // namespace mullion::net
