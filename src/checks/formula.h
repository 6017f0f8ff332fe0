// What raw performance counters mean: formulas by their type, of two looks. [winperf.h, "Performance Counter
// Types"]
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/result.h"

namespace mullion::checks {

// The numbers are CounterType's, as WMI's qualifier has them.
enum class CounterType : std::uint32_t {
    rawcount = 65'536,
    large_rawcount = 65'792,
    counter = 272'696'320,     // A rate, of 32 bits.
    bulk_count = 272'696'576,  // A rate, of 64 bits.
    timer_100ns = 542'180'608,
    timer_100ns_inverse = 558'957'824,
    precision_100ns_timer = 542'573'824,
    average_timer = 805'438'464,
    average_bulk = 1'073'874'176,
    queue_length_100ns = 5'571'840,
    raw_fraction = 537'003'008,
    elapsed_time = 807'666'944,
};
// "PERF_COUNTER_BULK_COUNT", "bulk_count" or the number, in any case. Nothing for others.
[[nodiscard]] std::optional<CounterType> counter_type(std::string_view name);
[[nodiscard]] bool needs_two_looks(CounterType type);

// One look: the counter, its _Base, the Timestamp_ and Frequency_ that go with its type.
struct RawLook {
    std::uint64_t value = 0;
    std::uint64_t base = 0;
    std::uint64_t time = 0;       // PerfTime, Sys100NS or Object.
    std::uint64_t frequency = 0;  // Of it.
};

// How counters go on between two looks.
struct Going {
    unsigned bits = 64;  // Of the property's type in CIM: after its greatest value comes 0.
    unsigned base_bits = 64;
    bool began_again = false;  // The host was started since.
    bool from_zero = false;    // Centreon's way: what went down began at 0.
};
// How far it went. Nothing where it began again: a 64-bit counter that went down did, since none goes round.
[[nodiscard]] std::optional<std::uint64_t> advance(std::uint64_t before, std::uint64_t now, unsigned bits,
                                                   const Going& going);

// Rates a second, shares as 0 to 1, averages in seconds or units. `before` is not looked at for types of one
// look. Nothing: there is nothing yet to compare with, or no time has passed, or the base is 0.
[[nodiscard]] std::optional<double> cooked(CounterType type, const RawLook& before, const RawLook& now,
                                           const Going& going);

}  // namespace mullion::checks
