#include "http/syntax.h"

#include <algorithm>

#include "encoding/eight_bytes.h"

namespace mullion::http {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

template <class Predicate>
std::size_t run_of(std::string_view text, Predicate predicate) {
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), predicate) - text.begin());
}

}  // namespace

bool has_control(std::string_view text) {
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        const auto word = encoding::eight_bytes(text.data() + at);
        if ((encoding::unprintable(word) | encoding::has_byte(word, 0x7F)) == 0) continue;
        if (std::any_of(text.begin() + at, text.begin() + at + 8, is_control)) return true;
    }
    return std::any_of(text.begin() + at, text.end(), is_control);
}

std::string_view trim(std::string_view text) {
    text.remove_prefix(run_of(text, is_blank));
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

std::string_view path_of(std::string_view target) {
    target = target.substr(0, target.find('?'));
    const auto scheme_end = target.find("://");
    if (scheme_end == target.npos || target.front() == '/') return target;
    const auto scheme = lower(target.substr(0, scheme_end));
    if (scheme != "http" && scheme != "https") return target;
    const auto path = target.find('/', scheme_end + 3);
    return path == target.npos ? "/" : target.substr(path);
}

std::string_view FieldReader::take(std::size_t length) {
    const auto taken = rest_.substr(0, length);
    rest_.remove_prefix(taken.size());
    return taken;
}

bool FieldReader::skip_blanks() {
    return !take(run_of(rest_, is_blank)).empty();
}

bool FieldReader::skip(char c) {
    return peek() == c && !take(1).empty();
}

std::string_view FieldReader::token() {
    return take(run_of(rest_, is_token_character));
}

std::string_view FieldReader::token68() {
    const std::size_t body = run_of(rest_, [](char c) {
        return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~' || c == '+' || c == '/';
    });
    if (body == 0) return {};
    return take(body + run_of(rest_.substr(body), [](char c) { return c == '='; }));
}

std::optional<std::string> FieldReader::quoted_string() {
    if (peek() != '"') return std::nullopt;
    std::string value;
    for (std::size_t at = 1; at < rest_.size(); ++at) {
        char c = rest_[at];
        if (c == '"') {
            take(at + 1);
            return value;
        }
        if (c == '\\' && ++at < rest_.size()) c = rest_[at];
        if (is_control(c)) return std::nullopt;
        value += c;
    }
    return std::nullopt;
}

std::string_view FieldReader::until(char stop) {
    return take(std::min(rest_.find(stop), rest_.size()));
}

}  // namespace mullion::http
