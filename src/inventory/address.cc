#include "inventory/address.h"

#include <charconv>

namespace mullion::inventory {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
// Letters of other alphabets count as letters: every byte of UTF-8 beyond ASCII.
bool is_word(char c) {
    return is_letter(c) || is_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

template <class Is>
std::size_t run(std::string_view text, Is is) {
    std::size_t length = 0;
    while (length < text.size() && is(text[length])) ++length;
    return length;
}

enum class Ends { letters_or_numbers, hexadecimal };

// Length of a range at the start, "[01:50]" or "[a:f:2]"; 0 where there is none.
std::size_t range_length(std::string_view text, Ends ends) {
    if (text.empty() || text.front() != '[') return 0;
    const auto end_length = [&](std::string_view at, bool alphabetic) -> std::size_t {
        if (ends == Ends::hexadecimal) return run(at, is_hex);
        if (!alphabetic) return run(at, is_digit);
        return !at.empty() && is_letter(at.front()) ? 1 : 0;
    };
    const bool alphabetic = text.size() > 1 && is_letter(text[1]);
    std::size_t at = 1;
    for (int part = 0; part < 2; ++part) {
        const auto length = end_length(text.substr(at), alphabetic);
        if (length == 0) return 0;
        at += length;
        if (part == 0 && (at == text.size() || text[at++] != ':')) return 0;
    }
    if (at < text.size() && text[at] == ':') {
        const auto step = run(text.substr(at + 1), is_digit);
        if (step == 0) return 0;
        at += 1 + step;
    }
    return at < text.size() && text[at] == ']' ? at + 1 : 0;
}

// Labels with dots between; each begins with a letter, digit or range and does not end with '-' or '_'.
bool is_name(std::string_view text) {
    bool at_start = true;
    char last = '.';
    while (!text.empty()) {
        std::size_t length = 1;
        if (text.front() == '.') {
            if (at_start || last == '-' || last == '_') return false;
        } else if (text.front() == '[') {
            length = range_length(text, Ends::letters_or_numbers);
            if (length == 0) return false;
        } else if (!is_word(text.front()) && (at_start || text.front() != '-')) {
            return false;
        }
        last = text[length - 1];
        at_start = last == '.';
        text.remove_prefix(length);
    }
    return !at_start && last != '-' && last != '_';
}

// Takes one group of an IPv6 address off the front.
bool take_group(std::string_view& text) {
    auto length = run(text, is_hex);
    if (length == 0)
        length = range_length(text, Ends::hexadecimal);
    else if (length > 4)
        return false;
    text.remove_prefix(length);
    return length != 0;
}

// Begins like an IPv6 address. What follows is not looked at: it may be a scope.
bool begins_as_ipv6(std::string_view text) {
    if (text.substr(0, 2) == "::") return true;
    for (int groups = 1; groups <= 8; ++groups) {
        if (!take_group(text)) return false;
        if (groups == 8) return true;
        if (text.empty() || text.front() != ':') return false;
        text.remove_prefix(1);
        if (groups <= 6 && !text.empty() && text.front() == ':') return true;
    }
    return false;
}

std::optional<unsigned> port(std::string_view text) {
    unsigned value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// "[HOST]:PORT"
std::optional<Address> bracketed(std::string_view text) {
    if (text.empty() || text.front() != '[') return std::nullopt;
    const auto close = text.rfind("]:");
    if (close == std::string_view::npos || close < 2) return std::nullopt;
    const auto number = port(text.substr(close + 2));
    if (!number) return std::nullopt;
    return Address{text.substr(1, close - 1), *number};
}

// "HOST:PORT", where no colon is in HOST but inside of brackets.
std::optional<Address> with_port(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto number = port(text.substr(colon + 1));
    if (!number) return std::nullopt;
    const auto host = text.substr(0, colon);
    bool inside = false;
    for (const char c : host) {
        if (!inside && (c == ':' || c == ']')) return std::nullopt;
        if (c == '[') inside = true;
        if (c == ']') inside = false;
    }
    if (inside) return std::nullopt;
    return Address{host, *number};
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
    Address address{text, 0};
    if (const auto found = bracketed(text)) address = *found;
    if (const auto found = with_port(address.host)) address = *found;
    if (!is_name(address.host) && !begins_as_ipv6(address.host)) return std::nullopt;
    return address;
}

}  // namespace mullion::inventory
