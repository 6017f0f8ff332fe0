// HTTP/1.1 over a Stream, both ends. Beast's parser lives behind this.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "http/message.h"
#include "net/stream.h"

namespace mullion::net {

struct HttpLimits {
    std::size_t header = 64 * 1024;       // Bytes of start line and fields (tokens of Kerberos are large).
    std::size_t body = 16 * 1024 * 1024;  // Bytes, decoded.
};

// Reads messages of one connection one after the other; keeps what came after a message.
class HttpReader {
public:
    HttpReader(Stream& stream, HttpLimits limits);
    ~HttpReader();

    // How long each read may wait; the stream's own deadline is not touched before this is called.
    void wait_at_most(Duration between_bytes, MonotonicTime deadline);

    // Errors: net.closed (also when nothing at all came: then detail is "before an answer"),
    // net.read_timeout, http.malformed, http.too_large, http.tls_port (the answer is a TLS record).
    // Content-Encoding other than identity and Transfer-Encoding other than chunked are http.malformed.
    // Trailers are dropped. Informational (1xx) answers are skipped. An answer with more behind it is not
    // keep_alive.
    [[nodiscard]] Task<Result<http::Response>> response();

    // A request in two steps, so that who speaks is decided on the header alone: the fields are final before
    // a byte of the body is read (Beast 1.81 mixes trailers into them). Nothing at an orderly end between
    // requests. Refuses what http_rules.h lists.
    [[nodiscard]] Task<Result<std::optional<http::Request>>> request_header();
    // The body of that request; answers "Expect: 100-continue" first. Over the limit: http.too_large.
    [[nodiscard]] Task<Result<std::string>> request_body(std::size_t limit);
    // Reads the body without keeping it. Over the limit: http.too_large.
    [[nodiscard]] Task<Result<void>> drop_request_body(std::size_t limit);

private:
    struct State;
    std::unique_ptr<State> state_;
};

// Adds Content-Length (and Connection: close when keep_alive is false); one write.
[[nodiscard]] Task<Result<void>> write_request(Stream& stream, const http::Request& request);
[[nodiscard]] Task<Result<void>> write_response(Stream& stream, const http::Response& response);

// The same without a stream, for tests and fuzzing: bytes of one message.
[[nodiscard]] std::string to_bytes(const http::Request& request);
[[nodiscard]] std::string to_bytes(const http::Response& response);
// One whole message. Nothing: more bytes are needed.
[[nodiscard]] Result<std::optional<http::Request>> parse_request(std::string_view bytes,
                                                                 const HttpLimits& limits);
[[nodiscard]] Result<std::optional<http::Response>> parse_response(std::string_view bytes,
                                                                   const HttpLimits& limits);

}  // namespace mullion::net
