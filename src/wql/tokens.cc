#include "wql/tokens.h"

#include <algorithm>
#include <array>

#include "wql/fold.h"
#include "wql/number.h"

namespace mullion::wql {
namespace {

using Kind = Token::Kind;

constexpr std::array<std::string_view, 12> reserved = {"SELECT", "FROM", "WHERE", "AND",  "OR",   "NOT",
                                                       "LIKE",   "IS",   "ISA",   "NULL", "TRUE", "FALSE"};

bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_quote(char c) {
    return c == '"' || c == '\'';
}

Token string_at(std::string_view query, std::size_t place) {
    for (auto at = place + 1; at < query.size(); ++at) {
        if (query[at] == query[place])
            return {Kind::string, query.substr(place + 1, at - place - 1), place, at + 1};
        const bool escape = query[at] == '\\' && at + 1 < query.size();
        if (escape && (query[at + 1] == '\\' || is_quote(query[at + 1]))) ++at;
    }
    return {Kind::wrong, {}, place, query.size(), "the quote that ends the string which begins here"};
}

// Up to where it cannot go on, so that "12ab" is no number and not two words.
Token number_at(std::string_view query, std::size_t place) {
    auto end = place + 1;
    while (end < query.size()) {
        const bool exponent = fold(static_cast<unsigned char>(query[end - 1])) == 'e' &&
                              !query.substr(place).starts_with("0x") &&
                              !query.substr(place).starts_with("0X");
        const bool sign = exponent && (query[end] == '+' || query[end] == '-');
        if (!is_name_part(query[end]) && query[end] != '.' && !sign) break;
        ++end;
    }
    const auto text = query.substr(place, end - place);
    if (!read_number(text)) return {Kind::wrong, text, place, end, "a number of at most 64 bits"};
    return {Kind::number, text, place, end};
}

Token mark_at(std::string_view query, std::size_t place) {
    for (const std::string_view two : {"<>", "<=", ">=", "!="}) {
        if (query.substr(place).starts_with(two))
            return {Kind::mark, query.substr(place, 2), place, place + 2};
    }
    if (std::string_view("=<>(),.*{}[").find(query[place]) != std::string_view::npos)
        return {Kind::mark, query.substr(place, 1), place, place + 1};
    return {Kind::wrong, {}, place, place + 1, "a word, a constant or an operator of WQL"};
}

}  // namespace

bool is_name_start(char c) {
    return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_name_part(char c) {
    return is_name_start(c) || is_digit(c);
}

bool is_reserved(std::string_view name) {
    return std::any_of(reserved.begin(), reserved.end(), [name](auto word) { return same_name(name, word); });
}

Token token_at(std::string_view query, std::size_t place) {
    while (place < query.size() && is_blank(query[place])) ++place;
    if (place >= query.size()) return {Kind::end, {}, query.size(), query.size()};
    const char c = query[place];
    if (is_name_start(c)) {
        auto end = place;
        while (end < query.size() && is_name_part(query[end])) ++end;
        return {Kind::name, query.substr(place, end - place), place, end};
    }
    const bool sign = (c == '-' || c == '+') && place + 1 < query.size() && is_digit(query[place + 1]);
    if (is_digit(c) || sign) return number_at(query, place);
    if (is_quote(c)) return string_at(query, place);
    return mark_at(query, place);
}

std::optional<std::string> unescaped(std::string_view text, bool of_like, std::size_t& wrong_at) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\') {
            const char next = at + 1 < text.size() ? text[at + 1] : '\0';
            if (next == '\\' || is_quote(next)) {
                ++at;
            } else if (!of_like) {
                wrong_at = at;
                return std::nullopt;
            }
        }
        out += text[at];
    }
    return out;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '\\' || c == '"') out += '\\';
        out += c;
    }
    return out + '"';
}

}  // namespace mullion::wql
