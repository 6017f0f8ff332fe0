#include "checks/bytes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace mullion::checks {
namespace {

std::string print_double(const char* format, int digits, double number) {
    std::array<char, 512> text{};  // The greatest double has 309 digits in front of the point.
    const int written = std::snprintf(text.data(), text.size(), format, digits, number);
    return {text.data(), static_cast<std::size_t>(written)};
}

std::string not_finite(double number) {
    if (std::isnan(number)) return "NaN";
    return number > 0 ? "Inf" : "-Inf";
}

Scaled scale(double value, double base, std::string_view letter) {
    static constexpr std::array<std::string_view, 4> units = {"K", "M", "G", "T"};
    const bool negative = value < 0;
    value = std::abs(value);
    Scaled result;
    for (const auto unit : units) {
        if (value / base < 1) break;
        value /= base;
        result.unit = unit;
    }
    result.unit += letter;
    // Centreon joins the sign and the number as text, and so loses what is behind the fifteenth digit.
    const auto text = (negative ? "-" : "") + perl_number(value);
    result.number = fixed(std::strtod(text.c_str(), nullptr));
    return result;
}

struct Period {
    char unit;
    std::uint64_t seconds;
};
constexpr std::array<Period, 7> periods = {
    {{'y', 31'556'926}, {'M', 2'629'743}, {'w', 604'800}, {'d', 86'400}, {'h', 3'600}, {'m', 60}, {'s', 1}}};

std::size_t first_period(std::string_view start) {
    for (std::size_t i = 0; i < periods.size(); ++i)
        if (start.size() == 1 && periods[i].unit == start.front()) return i;
    return 0;
}

}  // namespace

std::string perl_number(double number) {
    if (!std::isfinite(number)) return not_finite(number);
    if (number == 0) return "0";
    return print_double("%.*g", 15, number);
}

std::string fixed(double number, int digits) {
    if (!std::isfinite(number)) return not_finite(number);
    return print_double("%.*f", std::clamp(digits, 0, 100), number);
}

std::int64_t whole(double number) {
    if (std::isnan(number)) return 0;
    constexpr double edge = 9223372036854775808.0;  // 2^63
    if (number >= edge) return INT64_MAX;
    if (number <= -edge) return INT64_MIN;
    return static_cast<std::int64_t>(number);
}

Scaled scale_bytes(double bytes) {
    return scale(bytes, 1024, "B");
}

Scaled scale_bits(double bits) {
    return scale(bits, 1000, "b");
}

std::string format_bytes(double bytes) {
    auto scaled = scale_bytes(bytes);
    return scaled.number + " " + scaled.unit;
}

std::string format_bits(double bits) {
    auto scaled = scale_bits(bits);
    return scaled.number + scaled.unit;
}

std::string format_duration(double seconds, std::string_view start) {
    const bool negative = seconds < 0;
    double left = std::abs(seconds);
    std::string text;
    for (auto i = first_period(start); i < periods.size(); ++i) {
        const auto [unit, length] = periods[i];
        const auto count = whole(left / static_cast<double>(length));
        if (count == 0) continue;
        if (!text.empty()) text += ' ';
        text += std::to_string(count) + unit;
        // From the first part on what is left is whole, as Perl's % makes it.
        left = static_cast<double>(static_cast<std::uint64_t>(whole(left)) % length);
    }
    if (text.empty()) text = perl_number(left) + std::string(start);
    return (negative ? "-" : "") + text;
}

}  // namespace mullion::checks
