// What a scalar without quotes means in YAML 1.1, as PyYAML reads it (yaml.org/type): 0777 is octal, 1:30 is
// 90, 1e3 is text and 1.0e+3 is a number.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/core.h>

#include "inventory/readers.h"
#include "inventory/yaml_time.h"

namespace mullion::inventory {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

template <class Allowed>
bool all_of(std::string_view text, Allowed allowed) {
    return std::all_of(text.begin(), text.end(), allowed);
}

std::string without_underscores(std::string_view text) {
    std::string out(text);
    std::erase(out, '_');
    return out;
}

std::optional<std::int64_t> number_of(std::string_view digits, int base, bool negative) {
    const std::string text = (negative ? "-" : "") + without_underscores(digits);
    std::int64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// "1:30:15" as a number to the base of 60; the last part is given.
template <class Number>
std::optional<Number> sixties(std::string_view text, Number last) {
    Number value = 0;
    while (true) {
        const auto colon = text.find(':');
        if (colon == std::string_view::npos) break;
        const auto part = number_of(text.substr(0, colon), 10, false);
        if (!part) return std::nullopt;
        value = value * 60 + static_cast<Number>(*part);
        if (value > static_cast<Number>(1LL << 52)) return std::nullopt;
        text.remove_prefix(colon + 1);
    }
    return value * 60 + last;
}

// Everything behind the first number: ":", one or two digits of which two are below 60, and so on.
bool is_sixties(std::string_view text) {
    const auto first = text.find(':');
    if (first == 0 || first == std::string_view::npos) return false;
    if (!is_digit(text[0]) || !all_of(text.substr(0, first), [](char c) { return is_digit(c) || c == '_'; }))
        return false;
    text.remove_prefix(first);
    while (!text.empty()) {
        text.remove_prefix(1);
        const auto part = text.substr(0, text.find(':'));
        if (part.empty() || part.size() > 2 || !all_of(part, is_digit)) return false;
        if (part.size() == 2 && part[0] > '5') return false;
        text.remove_prefix(part.size());
    }
    return true;
}

std::optional<std::int64_t> integer(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    if (text.empty() || !is_digit(text[0])) return std::nullopt;
    const auto under = [](auto allowed) { return [=](char c) { return c == '_' || allowed(c); }; };
    if (text == "0") return 0;
    if (text.starts_with("0b")) return number_of(text.substr(2), 2, negative);
    if (text.starts_with("0x")) return number_of(text.substr(2), 16, negative);
    if (text[0] == '0') {
        if (!all_of(text, under([](char c) { return c >= '0' && c <= '7'; }))) return std::nullopt;
        return number_of(text, 8, negative);
    }
    if (all_of(text, under(is_digit))) return number_of(text, 10, negative);
    if (!is_sixties(text)) return std::nullopt;
    const auto last = number_of(text.substr(text.rfind(':') + 1), 10, false);
    const auto value = last ? sixties<std::int64_t>(text, *last) : std::nullopt;
    return value && negative ? std::optional(-*value) : value;
}

// "[eE][-+]digits" or nothing.
bool is_exponent(std::string_view text) {
    if (text.empty()) return true;
    return text.size() > 2 && (text[0] == 'e' || text[0] == 'E') && (text[1] == '-' || text[1] == '+') &&
           all_of(text.substr(2), is_digit);
}

std::optional<double> real_of(const std::string& text) {
    double value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end != text.data() + text.size()) return std::nullopt;
    // Python has infinity and zero for what does not fit.
    if (fault == std::errc::result_out_of_range) {
        const auto exponent = text.find_first_of("eE");
        const bool small = exponent != std::string::npos && text[exponent + 1] == '-';
        return small ? 0.0 : std::numeric_limits<double>::infinity();
    }
    return fault == std::errc() ? std::optional(value) : std::nullopt;
}

std::optional<double> special(std::string_view text, bool signed_) {
    if (text == ".inf" || text == ".Inf" || text == ".INF") return std::numeric_limits<double>::infinity();
    if (!signed_ && (text == ".nan" || text == ".NaN" || text == ".NAN"))
        return std::numeric_limits<double>::quiet_NaN();
    return std::nullopt;
}

std::optional<double> magnitude(std::string_view text, bool signed_) {
    if (const auto value = special(text, signed_)) return value;
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto before = text.substr(0, dot), after = text.substr(dot + 1);
    const auto digits = after.substr(0, std::min(after.find_first_not_of("0123456789_"), after.size()));
    const auto exponent = after.substr(digits.size());
    if (before.empty() && (signed_ || digits.empty() || !is_digit(digits[0]))) return std::nullopt;
    if (!before.empty() && !is_digit(before[0])) return std::nullopt;
    const std::string fraction = "." + without_underscores(digits);
    if (is_sixties(before)) {
        if (!exponent.empty()) return std::nullopt;
        const auto last = before.rfind(':');
        const auto seconds = real_of(std::string(before.substr(last + 1)) + fraction);
        return seconds ? sixties<double>(before, *seconds) : std::nullopt;
    }
    if (!all_of(before, [](char c) { return is_digit(c) || c == '_'; }) || !is_exponent(exponent))
        return std::nullopt;
    return real_of((before.empty() ? "0" : without_underscores(before)) + (fraction == "." ? "" : fraction) +
                   std::string(exponent));
}

std::optional<double> real(std::string_view text) {
    const bool negative = text.starts_with('-'), signed_ = negative || text.starts_with('+');
    const auto value = magnitude(signed_ ? text.substr(1) : text, signed_);
    return value && negative ? std::optional(-*value) : value;
}

std::optional<bool> boolean(std::string_view text) {
    for (const std::string_view word : {"yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})
        if (text == word) return true;
    for (const std::string_view word : {"no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})
        if (text == word) return false;
    return std::nullopt;
}

bool is_null(std::string_view text) {
    return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

}  // namespace

Value yaml_scalar(std::string_view text) {
    Value value;
    if (is_null(text)) return value;
    // Nearly all values are words, and the first character tells.
    constexpr std::string_view of_others = "-+.0123456789yYnNtTfFoO";
    if (of_others.find(text[0]) != std::string_view::npos) {
        if (const auto flag = boolean(text)) {
            value.data = *flag;
            return value;
        }
        if (const auto number = integer(text)) {
            value.data = *number;
            return value;
        }
        if (const auto number = real(text)) {
            value.data = *number;
            return value;
        }
        if (const auto time = yaml_time(text)) {
            value.data = *time;
            return value;
        }
    }
    value.data = std::string(text);
    return value;
}

}  // namespace mullion::inventory
