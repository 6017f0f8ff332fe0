#include "simulate/words.h"

#include <array>
#include <charconv>
#include <limits>
#include <string>
#include <utility>

namespace mullion::simulate {
namespace {

constexpr double longest_delay = 24.0 * 3600 * 1000;
constexpr double largest_size = 1024.0 * 1024 * 1024 * 1024;

// A number without sign or exponent, and the unit behind it.
struct Quantity {
    double number = 0;
    std::string_view unit;
};

std::optional<Quantity> split(std::string_view text) {
    std::size_t end = 0;
    unsigned points = 0;
    while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == '.'))
        points += text[end++] == '.' ? 1 : 0;
    if (end == 0 || end > 32 || points > 1 || text.front() == '.' || text[end - 1] == '.')
        return std::nullopt;
    Quantity out;
    const auto [at, problem] = std::from_chars(text.data(), text.data() + end, out.number);
    if (problem != std::errc() || at != text.data() + end) return std::nullopt;
    out.unit = text.substr(end);
    return out;
}

template <std::size_t N>
std::optional<double> scaled(std::string_view text,
                             const std::array<std::pair<std::string_view, double>, N>& units) {
    const auto quantity = split(text);
    if (!quantity) return std::nullopt;
    for (const auto& [unit, factor] : units)
        if (unit == quantity->unit) return quantity->number * factor;
    return std::nullopt;
}

template <class T>
std::optional<T> whole(std::string_view text, int base) {
    T value{};
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (text.empty() || problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::optional<Duration> parse_delay(std::string_view text) {
    using Unit = std::pair<std::string_view, double>;
    constexpr std::array units{Unit{"", 1000}, Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60'000},
                               Unit{"h", 3'600'000}};
    if (text == "never") return never;
    const auto milliseconds = scaled(text, units);
    if (!milliseconds || *milliseconds > longest_delay) return std::nullopt;
    return Duration(static_cast<Duration::rep>(*milliseconds));
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
    using Unit = std::pair<std::string_view, double>;
    constexpr std::array units{Unit{"", 1},
                               Unit{"kB", 1e3},
                               Unit{"KB", 1e3},
                               Unit{"MB", 1e6},
                               Unit{"GB", 1e9},
                               Unit{"KiB", 1024},
                               Unit{"MiB", 1024.0 * 1024},
                               Unit{"GiB", 1024.0 * 1024 * 1024}};
    const auto bytes = scaled(text, units);
    if (!bytes || *bytes > largest_size) return std::nullopt;
    return static_cast<std::uint64_t>(*bytes);
}

std::optional<std::uint32_t> parse_code(std::string_view text) {
    if (text.substr(0, 2) == "0x" || text.substr(0, 2) == "0X")
        return whole<std::uint32_t>(text.substr(2), 16);
    if (text.substr(0, 1) != "-") return whole<std::uint32_t>(text, 10);
    const auto negative = whole<std::int32_t>(text, 10);
    if (!negative) return std::nullopt;
    return static_cast<std::uint32_t>(*negative);
}

}  // namespace mullion::simulate
