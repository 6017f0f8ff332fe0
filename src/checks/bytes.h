// Numbers as Perl and Centreon print them, since scripts read the texts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mullion::checks {

// As Perl prints a number: 15 significant digits ("%.15g"), "Inf", "-Inf", "NaN".
[[nodiscard]] std::string perl_number(double number);
// "%.2f", "%.8f": with so many digits behind the point. Not more than 100.
[[nodiscard]] std::string fixed(double number, int digits = 2);
// The whole part, as "%d" prints a number: towards zero, held to 64 bits.
[[nodiscard]] std::int64_t whole(double number);

struct Scaled {
    std::string number;  // "1.50"
    std::string unit;    // "GB", or "Gb" of bits.
};
// Divided by 1024 (bits: 1000) while something is left of it, and at most to T: 1024.00 TB is possible.
[[nodiscard]] Scaled scale_bytes(double bytes);
[[nodiscard]] Scaled scale_bits(double bits);
[[nodiscard]] std::string format_bytes(double bytes);  // "1.50 GB"
[[nodiscard]] std::string format_bits(double bits);    // "1.50Gb"

// "1d 2h 3m 4s": parts that are 0 are left out. `start` is the largest part: one of "yMwdhms"; without it
// nothing is left out at the front. Less than the least part: the number itself, with `start` behind it.
[[nodiscard]] std::string format_duration(double seconds, std::string_view start = {});

}  // namespace mullion::checks
