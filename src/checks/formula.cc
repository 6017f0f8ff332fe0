#include "checks/formula.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace mullion::checks {
namespace {

struct Known {
    std::string_view name;
    CounterType type;
};
constexpr std::array<Known, 12> known = {{
    {"counter_rawcount", CounterType::rawcount},
    {"counter_large_rawcount", CounterType::large_rawcount},
    {"counter_counter", CounterType::counter},
    {"counter_bulk_count", CounterType::bulk_count},
    {"100nsec_timer", CounterType::timer_100ns},
    {"100nsec_timer_inv", CounterType::timer_100ns_inverse},
    {"precision_100ns_timer", CounterType::precision_100ns_timer},
    {"average_timer", CounterType::average_timer},
    {"average_bulk", CounterType::average_bulk},
    {"counter_100ns_queuelen_type", CounterType::queue_length_100ns},
    {"raw_fraction", CounterType::raw_fraction},
    {"elapsed_time", CounterType::elapsed_time},
}};

std::string lowered(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
    return result;
}

std::optional<double> divided(std::optional<double> a, std::optional<double> b) {
    if (!a || !b || *b == 0) return {};
    return *a / *b;
}

std::optional<double> real(std::optional<std::uint64_t> number) {
    if (!number) return {};
    return static_cast<double>(*number);
}

// What passed between two looks.
class Passed {
public:
    Passed(const RawLook& before, const RawLook& now, const Going& going)
        : before_(before), now_(now), going_(going) {}

    [[nodiscard]] std::optional<double> value() const {
        return real(advance(before_.value, now_.value, going_.bits, going_));
    }
    [[nodiscard]] std::optional<double> base() const {
        return real(advance(before_.base, now_.base, going_.base_bits, going_));
    }
    // A clock that was set back is no time that passed.
    [[nodiscard]] std::optional<double> time() const {
        if (now_.time <= before_.time) return {};
        return static_cast<double>(now_.time - before_.time);
    }
    [[nodiscard]] std::optional<double> seconds() const {
        return divided(time(), static_cast<double>(now_.frequency));
    }

private:
    const RawLook& before_;
    const RawLook& now_;
    const Going& going_;
};

std::optional<double> elapsed(const RawLook& now) {
    const double passed = now.time >= now.value ? static_cast<double>(now.time - now.value)
                                                : -static_cast<double>(now.value - now.time);
    return divided(passed, static_cast<double>(now.frequency));
}

}  // namespace

std::optional<CounterType> counter_type(std::string_view name) {
    auto text = lowered(name);
    if (text.starts_with("perf_")) text.erase(0, 5);
    std::uint32_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = read.ec == std::errc() && read.ptr == text.data() + text.size();
    for (const auto& [with_prefix, type] : known) {
        auto short_name = with_prefix;
        if (short_name.starts_with("counter_")) short_name.remove_prefix(8);
        if (text == with_prefix || text == short_name ||
            (is_number && static_cast<std::uint32_t>(type) == number))
            return type;
    }
    return {};
}

bool needs_two_looks(CounterType type) {
    switch (type) {
        case CounterType::rawcount:
        case CounterType::large_rawcount:
        case CounterType::raw_fraction:
        case CounterType::elapsed_time:
            return false;
        default:
            return true;
    }
}

std::optional<std::uint64_t> advance(std::uint64_t before, std::uint64_t now, unsigned bits,
                                     const Going& going) {
    if (going.from_zero) return now >= before ? now - before : now;
    if (going.began_again) return {};
    if (now >= before) return now - before;
    // 64 bits of 100 ns are 58,000 years, and of bytes more than any adapter lives.
    if (bits >= 64 || (before >> bits) != 0) return {};
    return (std::uint64_t{1} << bits) - before + now;
}

std::optional<double> cooked(CounterType type, const RawLook& before, const RawLook& now,
                             const Going& going) {
    const Passed passed(before, now, going);
    switch (type) {
        case CounterType::rawcount:
        case CounterType::large_rawcount:
            return static_cast<double>(now.value);
        case CounterType::raw_fraction:
            return divided(static_cast<double>(now.value), static_cast<double>(now.base));
        case CounterType::elapsed_time:
            return elapsed(now);
        case CounterType::counter:
        case CounterType::bulk_count:
            return divided(passed.value(), passed.seconds());
        case CounterType::timer_100ns:
        case CounterType::queue_length_100ns:
            return divided(passed.value(), passed.time());
        case CounterType::timer_100ns_inverse: {
            const auto idle = divided(passed.value(), passed.time());
            // Hosts that are idle longer than the time that passed are not busy, and no less than that.
            if (!idle) return {};
            return std::max(0.0, 1 - *idle);
        }
        case CounterType::precision_100ns_timer:
        case CounterType::average_bulk:
            return divided(passed.value(), passed.base());
        case CounterType::average_timer:
            return divided(divided(passed.value(), static_cast<double>(now.frequency)), passed.base());
    }
    return {};
}

}  // namespace mullion::checks
