#include "net/http_parser.h"

#include <fmt/core.h>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <utility>
#include <variant>

#include "core/secret.h"
#include "net/http_rules.h"

namespace mullion::net {
namespace beast = boost::beast::http;

namespace {

using RequestParser = beast::parser<true, beast::string_body>;
using ResponseParser = beast::parser<false, beast::string_body>;

std::string text_of(boost::beast::string_view view) {
    return {view.data(), view.size()};
}

Error translate(const boost::system::error_code& failure, std::size_t most) {
    if (failure == beast::error::body_limit)
        return {ErrorId::http_too_large, fmt::format("a body over {} bytes", most)};
    if (failure == beast::error::header_limit || failure == beast::error::buffer_overflow)
        return {ErrorId::http_too_large, failure.message()};
    if (failure == beast::error::partial_message || failure == beast::error::end_of_stream) {
        return {ErrorId::net_closed, "in the middle of a message"};
    }
    return {ErrorId::http_malformed, failure.message()};
}

}  // namespace

struct MessageParser::State {
    std::variant<RequestParser, ResponseParser> parser;
    http::Headers headers;
    std::size_t most = 0;  // Bytes of the body.
};

MessageParser::MessageParser(MessageKind kind, const HttpLimits& limits) : state_(std::make_unique<State>()) {
    if (kind == MessageKind::response) state_->parser.emplace<ResponseParser>();
    state_->most = limits.body;
    std::visit(
        [&limits](auto& parser) {
            parser.eager(true);
            // The header came whole and within its limit; this one is left for trailers and chunk headers.
            parser.header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(limits.header, 1U << 30)));
            parser.body_limit(limits.body);
        },
        state_->parser);
}

MessageParser::~MessageParser() = default;
MessageParser::MessageParser(MessageParser&&) noexcept = default;
MessageParser& MessageParser::operator=(MessageParser&&) noexcept = default;

Result<void> MessageParser::put_header(std::string_view header) {
    const bool request = std::holds_alternative<RequestParser>(state_->parser);
    if (request) {
        MULLION_TRY(check_request_header(header));
    } else {
        MULLION_TRY(check_response_header(header));
    }
    return std::visit(
        [this, header](auto& parser) -> Result<void> {
            boost::system::error_code failure;
            const auto count = parser.put(boost::asio::buffer(header.data(), header.size()), failure);
            if (failure && failure != beast::error::need_more) return translate(failure, state_->most);
            if (!parser.is_header_done() || count != header.size()) {
                return Error(ErrorId::http_malformed, "the header does not end where it seems to");
            }
            for (const auto& field : parser.get()) {
                const auto name = field.name_string();
                state_->headers.add({name.data(), name.size()}, {field.value().data(), field.value().size()});
                // Beast keeps a copy until the next message.
                if (field.name() == beast::field::authorization)
                    wipe_memory(const_cast<char*>(field.value().data()), field.value().size());
            }
            return {};
        },
        state_->parser);
}

Result<std::size_t> MessageParser::put_body(std::string_view bytes) {
    return std::visit(
        [bytes, most = state_->most](auto& parser) -> Result<std::size_t> {
            if (parser.is_done()) return std::size_t{0};
            boost::system::error_code failure;
            const auto count = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), failure);
            if (failure && failure != beast::error::need_more) return translate(failure, most);
            return count;
        },
        state_->parser);
}

Result<void> MessageParser::put_end() {
    return std::visit(
        [most = state_->most](auto& parser) -> Result<void> {
            if (parser.is_done()) return {};
            boost::system::error_code failure;
            parser.put_eof(failure);
            if (failure) return translate(failure, most);
            return {};
        },
        state_->parser);
}

bool MessageParser::done() const {
    return std::visit([](const auto& parser) { return parser.is_done(); }, state_->parser);
}

http::Headers& MessageParser::headers() {
    return state_->headers;
}

int MessageParser::status() const {
    return static_cast<int>(std::get<ResponseParser>(state_->parser).get().result_int());
}
std::string MessageParser::reason() const {
    return text_of(std::get<ResponseParser>(state_->parser).get().reason());
}
std::string MessageParser::method() const {
    return text_of(std::get<RequestParser>(state_->parser).get().method_string());
}
std::string MessageParser::target() const {
    return text_of(std::get<RequestParser>(state_->parser).get().target());
}

bool MessageParser::keep_alive() const {
    return std::visit([](const auto& parser) { return parser.keep_alive(); }, state_->parser);
}
std::optional<std::uint64_t> MessageParser::content_length() const {
    return std::visit(
        [](const auto& parser) -> std::optional<std::uint64_t> {
            if (const auto length = parser.content_length()) return *length;
            return std::nullopt;
        },
        state_->parser);
}

std::string MessageParser::take_body() {
    return std::visit([](auto& parser) { return std::exchange(parser.get().body(), {}); }, state_->parser);
}

void MessageParser::body_limit(std::size_t bytes) {
    state_->most = bytes;
    std::visit([bytes](auto& parser) { parser.body_limit(bytes); }, state_->parser);
}

std::optional<std::size_t> find_header_end(std::string_view bytes, std::size_t from) {
    const auto end = bytes.find("\r\n\r\n", from < 3 ? 0 : from - 3);
    if (end == std::string_view::npos) return std::nullopt;
    return end + 4;
}

}  // namespace mullion::net
