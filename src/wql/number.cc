#include "wql/number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace mullion::wql {
namespace {

template <class Value, class... Form>
std::optional<Value> read_all(std::string_view text, Form... form) {
    Value value{};
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value, form...);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return value;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::optional<Number> negated(std::uint64_t magnitude) {
    constexpr auto least = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + 1;
    if (magnitude > least) return std::nullopt;
    if (magnitude == 0) return Number(std::uint64_t{0});
    return Number(static_cast<std::int64_t>(-magnitude));
}

std::optional<Number> read_integer(std::string_view digits, int base, bool negative) {
    const auto magnitude = read_all<std::uint64_t>(digits, base);
    if (!magnitude) return std::nullopt;
    return negative ? negated(*magnitude) : Number(*magnitude);
}

// from_chars() knows "inf" and "nan", which are no numbers of WQL; their first letter is no digit.
std::optional<Number> read_real(std::string_view digits, bool negative) {
    const auto value = read_all<double>(digits, std::chars_format::general);
    if (!value || !std::isfinite(*value)) return std::nullopt;
    return Number(negative ? -*value : *value);
}

// 64 bits of mantissa at least: every 64-bit integer and every double is in it without loss.
long double widened(const Number& number) {
    static_assert(std::numeric_limits<long double>::digits >= 64);
    return std::visit([](auto value) { return static_cast<long double>(value); }, number);
}

}  // namespace

Number number_of(std::int64_t value) {
    if (value < 0) return value;
    return static_cast<std::uint64_t>(value);
}

std::optional<Number> read_number(std::string_view text) {
    const bool negative = !text.empty() && text.front() == '-';
    if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    if (text.starts_with("0x") || text.starts_with("0X")) return read_integer(text.substr(2), 16, negative);
    if (text.find_first_of(".eE") != std::string_view::npos) return read_real(text, negative);
    return read_integer(text, 10, negative);
}

std::string write_number(const Number& number) {
    std::array<char, 40> buffer{};
    const auto end = std::visit(
        [&](auto value) { return std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr; },
        number);
    std::string out(buffer.data(), end);
    // Without them it would be read as an integer.
    if (std::holds_alternative<double>(number) && out.find_first_of(".e") == std::string::npos) out += ".0";
    return out;
}

std::partial_ordering compare(const Number& a, const Number& b) {
    return widened(a) <=> widened(b);
}

}  // namespace mullion::wql
