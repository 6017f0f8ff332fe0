// Messages as bytes, and whole messages out of bytes.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "http/syntax.h"
#include "net/http_io.h"
#include "net/http_parser.h"

namespace mullion::net {
namespace {

// A value with a line end would become a field of its own. In place: the value may be a password.
void append_one_line(std::string& bytes, std::string_view text) {
    const auto begin = static_cast<std::ptrdiff_t>(bytes.size());
    bytes += text;
    if (!http::has_control(text)) return;
    std::replace_if(
        bytes.begin() + begin, bytes.end(), [](char c) { return http::is_control(c); }, ' ');
}

std::string one_line(std::string_view text) {
    std::string clean;
    append_one_line(clean, text);
    return clean;
}

std::string_view usual_reason(int status) {
    switch (status) {
        case 100:
            return "Continue";
        case 200:
            return "OK";
        case 204:
            return "No Content";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 411:
            return "Length Required";
        case 413:
            return "Request Entity Too Large";
        case 415:
            return "Unsupported Media Type";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 503:
            return "Service Unavailable";
        default:
            return "Status";
    }
}

void add_fields(std::string& bytes, const http::Headers& headers, const std::string& body, bool keep_alive,
                bool length) {
    for (const auto& [name, value] : headers.fields()) {
        // Framing is ours alone.
        if (http::same_without_case(name, "Content-Length") ||
            http::same_without_case(name, "Transfer-Encoding") ||
            http::same_without_case(name, "Connection")) {
            continue;
        }
        append_one_line(bytes, name);
        bytes += ": ";
        append_one_line(bytes, value);
        bytes += "\r\n";
    }
    if (length) fmt::format_to(std::back_inserter(bytes), "Content-Length: {}\r\n", body.size());
    if (!keep_alive) bytes += "Connection: close\r\n";
    bytes += "\r\n";
    bytes += body;
}

// A request target with a blank or a line end in it would end the first line early.
void append_target(std::string& bytes, std::string_view target) {
    const auto is_safe = [](char c) { return c > 0x20 && c < 0x7f; };
    while (!target.empty()) {
        const auto end = std::find_if_not(target.begin(), target.end(), is_safe);
        const auto safe = static_cast<std::size_t>(end - target.begin());
        bytes += target.substr(0, safe);
        target.remove_prefix(safe);
        if (target.empty()) return;
        fmt::format_to(std::back_inserter(bytes), "%{:02X}", static_cast<unsigned char>(target.front()));
        target.remove_prefix(1);
    }
}

// A whole message; what follows it is refused, since nobody would read it.
Result<std::optional<MessageParser>> parse_whole(MessageKind kind, std::string_view bytes,
                                                 const HttpLimits& limits) {
    const auto end = find_header_end(bytes, 0);
    if (end.value_or(bytes.size()) > limits.header) return Error(ErrorId::http_too_large, "the header");
    if (!end) return std::optional<MessageParser>{};
    MessageParser parser(kind, limits);
    MULLION_TRY(parser.put_header(bytes.substr(0, *end)));
    bytes.remove_prefix(*end);
    while (!parser.done() && !bytes.empty()) {
        MULLION_ASSIGN(const auto count, parser.put_body(bytes));
        if (count == 0) break;
        bytes.remove_prefix(count);
    }
    if (!parser.done()) return std::optional<MessageParser>{};
    if (!bytes.empty()) return Error(ErrorId::http_malformed, "bytes after the message");
    return std::optional<MessageParser>(std::move(parser));
}

}  // namespace

std::string to_bytes(const http::Request& request) {
    std::string bytes;
    bytes.reserve(1024 + request.target.size() + request.body.size());
    append_one_line(bytes, request.method);
    bytes += ' ';
    append_target(bytes, request.target);
    bytes += " HTTP/1.1\r\n";
    add_fields(bytes, request.headers, request.body, request.keep_alive, true);
    return bytes;
}

std::string to_bytes(const http::Response& response) {
    const auto reason =
        response.reason.empty() ? std::string(usual_reason(response.status)) : one_line(response.reason);
    std::string bytes = fmt::format("HTTP/1.1 {} {}\r\n", response.status, reason);
    bytes.reserve(bytes.size() + 1024 + response.body.size());
    // RFC 9110 8.6: no Content-Length with 1xx and 204, which have no body.
    const bool bodiless = response.status < 200 || response.status == 204;
    add_fields(bytes, response.headers, bodiless ? std::string() : response.body, response.keep_alive,
               !bodiless);
    return bytes;
}

Result<std::optional<http::Request>> parse_request(std::string_view bytes, const HttpLimits& limits) {
    MULLION_ASSIGN(auto parser, parse_whole(MessageKind::request, bytes, limits));
    if (!parser) return std::optional<http::Request>{};
    http::Request request;
    request.method = parser->method();
    request.target = parser->target();
    request.keep_alive = parser->keep_alive();
    request.headers = std::move(parser->headers());
    request.body = parser->take_body();
    return std::optional<http::Request>(std::move(request));
}

Result<std::optional<http::Response>> parse_response(std::string_view bytes, const HttpLimits& limits) {
    MULLION_ASSIGN(auto parser, parse_whole(MessageKind::response, bytes, limits));
    if (!parser) return std::optional<http::Response>{};
    http::Response response;
    response.status = parser->status();
    response.reason = parser->reason();
    response.keep_alive = parser->keep_alive();
    response.headers = std::move(parser->headers());
    response.body = parser->take_body();
    return std::optional<http::Response>(std::move(response));
}

}  // namespace mullion::net
