#include "checks/threshold.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include "checks/bytes.h"

namespace mullion::checks {
namespace {

__extension__ using Wide = __int128;

constexpr double infinite = std::numeric_limits<double>::infinity();

bool digit(char c) {
    return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\n\v\f\r";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::size_t skip_digits(std::string_view text, std::size_t at) {
    while (at < text.size() && digit(text[at])) ++at;
    return at;
}

// A number as an option has it: sign, digits, a fraction, a unit.
struct Typed {
    std::string number;  // Without "+", with a point.
    char quantity = 0;   // Of KMGTPE.
    bool bits = false;   // "b": times 1000.
};

// The number at the front of `text`, which is taken off; nothing where there is none.
std::optional<Typed> take_number(std::string_view& text) {
    Typed typed;
    std::size_t at = 0;
    if (!text.empty() && (text[0] == '+' || text[0] == '-')) at = 1;
    auto end = skip_digits(text, at);
    if (end == at) return {};
    if (end + 1 < text.size() && (text[end] == '.' || text[end] == ',') && digit(text[end + 1]))
        end = skip_digits(text, end + 1);
    typed.number = text.substr(text[0] == '+' ? 1 : 0, end - (text[0] == '+' ? 1 : 0));
    if (const auto comma = typed.number.find(','); comma != std::string::npos) typed.number[comma] = '.';
    constexpr std::string_view quantities = "KMGTPE";
    if (end + 1 < text.size() && quantities.find(text[end]) != std::string_view::npos &&
        (text[end + 1] == 'b' || text[end + 1] == 'B')) {
        typed.quantity = text[end];
        typed.bits = text[end + 1] == 'b';
        end += 2;
    }
    text.remove_prefix(end);
    return typed;
}

// Whole numbers stay exact as long as Perl's do: as 64 bits with or without a sign.
std::optional<Wide> exact(const std::string& number) {
    const bool negative = number.starts_with('-');
    if (number.find_first_of(".e") != std::string::npos || number.size() > 20) return {};
    Wide value = 0;
    for (const char c : number.substr(negative ? 1 : 0)) value = value * 10 + (c - '0');
    return negative ? -value : value;
}

std::string print_exact(Wide value) {
    if (value > std::numeric_limits<std::uint64_t>::max() || value < std::numeric_limits<std::int64_t>::min())
        return perl_number(static_cast<double>(value));
    if (value < 0) return std::to_string(static_cast<std::int64_t>(value));
    return std::to_string(static_cast<std::uint64_t>(value));
}

std::string multiplied(const Typed& typed) {
    if (typed.quantity == 0) return typed.number;
    std::int64_t factor = 1;
    for (const char unit : std::string_view("KMGTPE")) {
        factor *= typed.bits ? 1000 : 1024;
        if (unit == typed.quantity) break;
    }
    // 1024 ** 6 is no whole number to Perl any more, and 1000 ** 6 is one.
    const bool whole = typed.bits || typed.quantity != 'E';
    if (const auto value = exact(typed.number); value && whole) return print_exact(*value * factor);
    return perl_number(std::strtod(typed.number.c_str(), nullptr) * static_cast<double>(factor));
}

double number_of(const std::string& text) {
    return std::strtod(text.c_str(), nullptr);
}

// Centreon compares what has a point by its text of so many digits.
double rounded(const std::string& text, int precision) {
    const double value = number_of(text);
    if (text.find('.') == std::string::npos) return value;
    return number_of(fixed(value, precision));
}

std::string whole_text(const std::string& number) {
    if (const auto value = exact(number)) return print_exact(*value);
    return perl_number(std::trunc(number_of(number)));
}

std::string part_of(const std::string& number, double total, bool whole) {
    const double value = number_of(number) * total / 100;
    return whole ? perl_number(std::trunc(value)) : fixed(value);
}

std::string bound(const std::string& number, const std::optional<double>& total, bool whole) {
    if (total) return part_of(number, *total, whole);
    return whole ? whole_text(number) : number;
}

}  // namespace

std::string without_cut_fractions(std::string_view text) {
    std::string kept;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text[at] == ',' ? skip_digits(text, at + 1) : at;
        const bool unit = end < text.size() && end > at + 1 &&
                          std::string_view("KMGTPE").find(text[end]) != std::string_view::npos;
        if (unit)
            at = end;
        else
            kept += text[at++];
    }
    return kept;
}

std::optional<Range> Range::parse(std::string_view text, bool strict) {
    if (text.size() > 200) return {};
    text = trimmed(text);
    Range range;
    range.start_ = "0";
    if (text.starts_with('@')) {
        range.inside_ = true;
        text.remove_prefix(1);
    }
    if (text.starts_with("~:")) {
        range.start_.reset();
        text.remove_prefix(2);
    } else if (text.starts_with(':')) {
        text.remove_prefix(1);
    } else if (auto number = take_number(text)) {
        // Without a colon behind it, it is the end.
        if (!text.starts_with(':')) {
            if (!text.empty()) return {};
            range.end_ = multiplied(*number);
            return strict && range.reversed() ? std::nullopt : std::optional(range);
        }
        range.start_ = multiplied(*number);
        text.remove_prefix(1);
    }
    if (auto number = take_number(text)) range.end_ = multiplied(*number);
    if (!text.empty() || (strict && range.reversed())) return {};
    return range;
}

bool Range::reversed() const {
    return start_ && end_ && number_of(*start_) > number_of(*end_);
}

bool Range::alerts(double value, int precision) const {
    const auto text = perl_number(value);
    const double compared = text.find('.') == std::string::npos ? value : number_of(fixed(value, precision));
    const double start = start_ ? rounded(*start_, precision) : -infinite;
    const double end = end_ ? rounded(*end_, precision) : infinite;
    if (inside_) return compared >= start && compared <= end;
    return compared < start || compared > end;
}

std::string Range::print(std::optional<double> total, bool whole) const {
    std::string text = inside_ ? "@" : "";
    text += start_ ? bound(*start_, total, whole) : "~";
    text += ':';
    if (end_) text += bound(*end_, total, whole);
    return text;
}

void Range::change(const std::function<std::string(const std::string&)>& to) {
    if (start_) start_ = to(*start_);
    if (end_) end_ = to(*end_);
}

void Range::invert(double greatest) {
    const auto away = [&](const std::optional<std::string>& number) -> std::optional<std::string> {
        if (!number) return {};
        return perl_number(greatest - number_of(*number));
    };
    const auto start = away(end_);
    end_ = away(start_);
    start_ = start;
}

}  // namespace mullion::checks
