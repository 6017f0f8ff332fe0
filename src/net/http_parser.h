// One HTTP message out of bytes that come in pieces. Beast's parser is behind it and nowhere else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "net/http_io.h"

namespace mullion::net {

enum class MessageKind { request, response };

// begin → header → body → done, each step once. Give put_header() the whole header, up to and with the empty
// line; then put_body() what follows until done().
class MessageParser {
public:
    MessageParser(MessageKind kind, const HttpLimits& limits);
    ~MessageParser();
    MessageParser(MessageParser&&) noexcept;
    MessageParser& operator=(MessageParser&&) noexcept;

    // Errors: http.malformed, http.too_large (Content-Length over the limit)
    [[nodiscard]] Result<void> put_header(std::string_view header);
    // How many bytes were taken; the rest comes again with more behind it. Errors as above.
    [[nodiscard]] Result<std::size_t> put_body(std::string_view bytes);
    // The peer closed: ends a body that lasts until then. Errors: net.closed when the message is cut off.
    [[nodiscard]] Result<void> put_end();
    [[nodiscard]] bool done() const;

    // From the header; values are those before any trailer.
    [[nodiscard]] http::Headers& headers();
    [[nodiscard]] int status() const;
    [[nodiscard]] std::string reason() const;
    [[nodiscard]] std::string method() const;
    [[nodiscard]] std::string target() const;
    [[nodiscard]] bool keep_alive() const;
    [[nodiscard]] std::optional<std::uint64_t> content_length() const;
    // Decoded so far; what is taken is forgotten here but still counts for the limit.
    [[nodiscard]] std::string take_body();
    void body_limit(std::size_t bytes);

private:
    struct State;
    std::unique_ptr<State> state_;
};

// Where the header ends in `bytes` (after the empty line); nothing when more is needed. `from` is where the
// last search ended, so that trickled bytes are looked at once.
[[nodiscard]] std::optional<std::size_t> find_header_end(std::string_view bytes, std::size_t from);

}  // namespace mullion::net
