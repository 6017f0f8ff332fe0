// Numbers of queries and of values, compared exactly whatever their types.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace mullion::wql {

// An int64 is negative; what is not is a uint64. A double was written with a point or an exponent.
using Number = std::variant<std::int64_t, std::uint64_t, double>;

[[nodiscard]] Number number_of(std::int64_t value);

// All of the text: [+-] and decimal digits, 0x and hex digits, or a real. Nothing where it is something else
// or does not fit into 64 bits.
[[nodiscard]] std::optional<Number> read_number(std::string_view text);

// Reads as the same number again.
[[nodiscard]] std::string write_number(const Number& number);

// Unordered only where one of them is no number (NaN).
[[nodiscard]] std::partial_ordering compare(const Number& a, const Number& b);

}  // namespace mullion::wql
