#include "inventory/python_scalars.h"

#include <fmt/core.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "encoding/utf16.h"
#include "encoding/utf8.h"

namespace mullion::inventory {
namespace {

bool is_digit_of(char c, int base) {
    const char lower = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') return c - '0' < base;
    return lower >= 'a' && lower <= 'f' && lower - 'a' + 10 < base;
}

// Digits with single underscores between; appended without them. False when there is none, or an underscore
// stands where none may.
bool digits(std::string_view text, std::size_t& at, int base, std::string& into) {
    bool after_digit = false;
    const auto size = into.size();
    while (at < text.size()) {
        const bool underscore = text[at] == '_' && after_digit;
        if (!underscore && !is_digit_of(text[at], base)) break;
        if (!underscore) into += text[at];
        after_digit = !underscore;
        ++at;
    }
    return after_digit && into.size() > size;
}

std::optional<Value> integer(std::string text, int base, bool negative) {
    if (negative) text.insert(0, 1, '-');  // The least number has no positive one.
    std::int64_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return Value{value};
}

std::optional<Value> real(const std::string& text, bool negative) {
    double value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size()) return std::nullopt;
    // Too large is infinity to Python, too small is zero; from_chars says only that it is out of range.
    if (fault == std::errc::result_out_of_range) {
        const auto exponent = text.find_first_of("eE");
        const bool small = exponent != std::string::npos && text[exponent + 1] == '-';
        value = small ? 0 : std::numeric_limits<double>::infinity();
    }
    return Value{negative ? -value : value};
}

std::optional<Value> based(std::string_view text, std::size_t& at, int base, bool negative) {
    at += 2;
    if (at < text.size() && text[at] == '_') ++at;
    std::string found;
    if (!digits(text, at, base, found)) return std::nullopt;
    return integer(found, base, negative);
}

// ".5", "." behind a digit: appended with a digit on both sides, as from_chars wants it.
bool fraction(std::string_view text, std::size_t& at, std::string& found) {
    const bool whole = !found.empty();
    if (!whole) found += '0';
    found += text[at++];
    if (at < text.size() && is_digit_of(text[at], 10)) return digits(text, at, 10, found);
    found += '0';
    return whole;
}

// "e5", "E-5"
bool exponent(std::string_view text, std::size_t& at, std::string& found) {
    found += text[at++];
    if (at < text.size() && text[at] == '-') found += '-';
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;  // from_chars takes no '+'.
    return digits(text, at, 10, found);
}

std::optional<Value> decimal(std::string_view text, std::size_t& at, bool negative) {
    const auto next_is = [&](char a, char b) { return at < text.size() && (text[at] == a || text[at] == b); };
    std::string found;
    bool whole = true;
    if (text[at] != '.' && !digits(text, at, 10, found)) return std::nullopt;
    if (next_is('.', '.')) {
        whole = false;
        if (!fraction(text, at, found)) return std::nullopt;
    }
    if (next_is('e', 'E')) {
        whole = false;
        if (!exponent(text, at, found)) return std::nullopt;
    }
    if (!whole) return real(found, negative);
    // 007 is no number to Python, but 00 is.
    if (found.size() > 1 && found.front() == '0' && found.find_first_not_of('0') != std::string::npos)
        return std::nullopt;
    return integer(found, 10, negative);
}

void append_utf8(std::string& into, std::uint32_t point) {
    encoding::append_utf8(into, static_cast<char32_t>(point));
}

// One string, after its prefix and opening quote.
class StringReader {
public:
    StringReader(std::string_view text, std::size_t& at, bool raw, bool bytes)
        : text_(text), at_(at), raw_(raw), bytes_(bytes) {}

    bool read(std::string& into) {
        const char quote = text_[at_];
        const std::string tripled(3, quote);
        const bool triple = text_.substr(at_, 3) == tripled;
        at_ += triple ? 3 : 1;
        while (at_ < text_.size()) {
            if (triple ? text_.substr(at_, 3) == tripled : text_[at_] == quote) {
                at_ += triple ? 3 : 1;
                return true;
            }
            const char c = text_[at_++];
            if (bytes_ && static_cast<unsigned char>(c) >= 0x80) return false;
            if (c != '\\') {
                into += c;
                continue;
            }
            if (at_ == text_.size() || (!raw_ && !escape(into))) return false;
            if (raw_) {
                into += c;
                into += text_[at_++];
            }
        }
        return false;
    }

private:
    bool escape(std::string& into) {
        constexpr std::string_view names = "abfnrtv\\'\"", meant = "\a\b\f\n\r\t\v\\'\"";
        const char c = text_[at_++];
        if (const auto place = names.find(c); place != std::string_view::npos) {
            into += meant[place];
            return true;
        }
        if (c >= '0' && c <= '7') {
            --at_;
            return numeric(into, 8, 1, 3);
        }
        if (c == 'x') return numeric(into, 16, 2, 2);
        if (!bytes_ && c == 'u') return numeric(into, 16, 4, 4);
        if (!bytes_ && c == 'U') return numeric(into, 16, 8, 8);
        if (!bytes_ && c == 'N') return false;
        into += '\\';  // Not an escape: both characters stay.
        into += c;
        return true;
    }
    bool numeric(std::string& into, int base, std::size_t least, std::size_t most) {
        std::uint32_t point = 0;
        std::size_t count = 0;
        for (; count < most && at_ < text_.size() && is_digit_of(text_[at_], base); ++count) {
            const char c = text_[at_++];
            const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
            point = point * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit);
        }
        if (count < least || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return false;
        if (bytes_) {
            into += static_cast<char>(point & 0xff);
        } else {
            append_utf8(into, point);
        }
        return true;
    }

    std::string_view text_;
    std::size_t& at_;
    bool raw_, bytes_;
};

struct Prefix {
    std::size_t length = 0;
    bool raw = false, bytes = false;
};

// What may stand before a quote: r, u, b, rb, br. f is a template of Python's own, and no literal.
std::optional<Prefix> prefix(std::string_view text) {
    Prefix found;
    bool unicode = false;
    for (; found.length < text.size() && found.length < 3; ++found.length) {
        const char c = text[found.length];
        if (c == '\'' || c == '"') return found;
        const char lower = static_cast<char>(c | 0x20);
        if (unicode || (lower == 'r' && found.raw) || (lower == 'b' && found.bytes)) return std::nullopt;
        if (lower == 'r') {
            found.raw = true;
        } else if (lower == 'b') {
            found.bytes = true;
        } else if (lower == 'u' && found.length == 0) {
            unicode = true;
        } else {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace

bool is_python_word(char c) {
    const char lower = static_cast<char>(c | 0x20);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

std::optional<Value> python_number(std::string_view text, std::size_t& at, bool negative) {
    const char second = at + 1 < text.size() ? static_cast<char>(text[at + 1] | 0x20) : '\0';
    std::optional<Value> value;
    if (text[at] == '0' && second == 'x') {
        value = based(text, at, 16, negative);
    } else if (text[at] == '0' && second == 'o') {
        value = based(text, at, 8, negative);
    } else if (text[at] == '0' && second == 'b') {
        value = based(text, at, 2, negative);
    } else {
        value = decimal(text, at, negative);
    }
    if (at < text.size() && (is_python_word(text[at]) || text[at] == '.')) return std::nullopt;
    return value;
}

std::optional<Value> negated(Value number) {
    if (auto* const whole = std::get_if<std::int64_t>(&number.data)) return Value{-*whole};
    if (auto* const fraction = std::get_if<double>(&number.data)) return Value{-*fraction};
    return std::nullopt;
}

std::optional<Value> python_strings(std::string_view text, std::size_t& at) {
    std::string joined;
    std::optional<bool> bytes;
    for (;;) {
        const auto found = prefix(text.substr(at));
        if (!found) break;
        if (bytes && *bytes != found->bytes) return std::nullopt;
        bytes = found->bytes;
        at += found->length;
        if (!StringReader(text, at, found->raw, found->bytes).read(joined)) return std::nullopt;
        while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    }
    if (!bytes || (*bytes && !encoding::is_utf8(joined))) return std::nullopt;
    return Value{std::move(joined)};
}

std::optional<std::string> key_text(const Value& key) {
    if (const auto* const text = std::get_if<std::string>(&key.data)) return *text;
    if (const auto* const flag = std::get_if<bool>(&key.data)) return *flag ? "true" : "false";
    if (const auto* const whole = std::get_if<std::int64_t>(&key.data)) return std::to_string(*whole);
    if (const auto* const number = std::get_if<double>(&key.data)) return float_text(*number);
    if (std::holds_alternative<std::monostate>(key.data)) return "null";
    return std::nullopt;
}

std::string float_text(double number) {
    if (std::isnan(number)) return "nan";
    if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
    char buffer[64];
    const auto magnitude = std::fabs(number);
    // Python writes an exponent below 1e-4 and from 1e16 on.
    const bool plain = magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e16);
    const auto [end, fault] = std::to_chars(buffer, buffer + sizeof buffer, number,
                                            plain ? std::chars_format::fixed : std::chars_format::scientific);
    std::string text(buffer, fault == std::errc{} ? end : buffer);
    if (plain && text.find('.') == std::string::npos) text += ".0";
    return text;
}

}  // namespace mullion::inventory
