#include "net/http_rules.h"

#include <fmt/core.h>

#include <string>

#include "http/message.h"
#include "http/syntax.h"

namespace mullion::net {
namespace {

Error malformed(std::string what) {
    return {ErrorId::http_malformed, std::move(what)};
}

bool is_digits(std::string_view text) {
    return !text.empty() && text.size() <= 19 &&
           text.find_first_not_of("0123456789") == std::string_view::npos;
}

struct Seen {
    std::size_t fields = 0;
    int content_length = 0;
    int transfer_encoding = 0;
    int host = 0;
    int authorization = 0;
};

Result<void> check_field(std::string_view line, bool one_dot_zero, Seen& seen) {
    if (line.front() == ' ' || line.front() == '\t') return malformed("a folded header line");
    if (http::has_control(line)) return malformed("a control character in the header");
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return malformed("a header line without a name");
    if (++seen.fields > most_fields) return malformed(fmt::format("over {} header fields", most_fields));

    const auto name = line.substr(0, colon);
    const auto value = http::trim(line.substr(colon + 1));
    const auto is = [name](std::string_view other) { return http::same_without_case(name, other); };
    if (is("Content-Length")) {
        if (++seen.content_length > 1) return malformed("Content-Length twice");
        if (!is_digits(value)) return malformed("Content-Length is no number");
    } else if (is("Transfer-Encoding")) {
        if (++seen.transfer_encoding > 1) return malformed("Transfer-Encoding twice");
        if (!http::same_without_case(value, "chunked"))
            return malformed("a Transfer-Encoding other than chunked");
        if (one_dot_zero) return malformed("Transfer-Encoding in HTTP/1.0");
    } else if (is("Host")) {
        if (++seen.host > 1) return malformed("Host twice");
    } else if (is("Authorization")) {
        if (++seen.authorization > 1) return malformed("Authorization twice");
    } else if (is("Content-Encoding")) {
        if (!http::same_without_case(value, "identity"))
            return malformed("a Content-Encoding, which was not asked for");
    }
    if (seen.content_length > 0 && seen.transfer_encoding > 0) {
        return malformed("both Content-Length and Transfer-Encoding");
    }
    return {};
}

// The lines after the first.
Result<Seen> check_fields(std::string_view rest, bool one_dot_zero) {
    Seen seen;
    while (true) {
        const auto end = rest.find("\r\n");
        if (end == std::string_view::npos) return malformed("a header line without an end");
        if (end == 0) return seen;
        MULLION_TRY(check_field(rest.substr(0, end), one_dot_zero, seen));
        rest.remove_prefix(end + 2);
    }
}

Result<void> check_start(std::string_view line) {
    if (http::has_control(line)) return malformed("a control character in the first line");
    return {};
}

}  // namespace

Result<void> check_request_header(std::string_view header) {
    const auto end = header.find("\r\n");
    const auto line = header.substr(0, end);
    MULLION_TRY(check_start(line));
    const bool one_dot_zero = line.ends_with(" HTTP/1.0");
    if (!one_dot_zero && !line.ends_with(" HTTP/1.1")) return malformed("no HTTP/1.1 request");
    MULLION_ASSIGN(const auto seen, check_fields(header.substr(end + 2), one_dot_zero));
    if (!one_dot_zero && seen.host == 0) return malformed("a request without Host");
    return {};
}

Result<void> check_response_header(std::string_view header) {
    const auto end = header.find("\r\n");
    const auto line = header.substr(0, end);
    MULLION_TRY(check_start(line));
    const bool one_dot_zero = line.starts_with("HTTP/1.0 ");
    if (!one_dot_zero && !line.starts_with("HTTP/1.1 ")) return malformed("no HTTP/1.1 answer");
    MULLION_ASSIGN([[maybe_unused]] const auto seen, check_fields(header.substr(end + 2), one_dot_zero));
    return {};
}

}  // namespace mullion::net
