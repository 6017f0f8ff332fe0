// Points in time and spans of it, in the forms that hosts send: DMTF's strings of 25 characters
// (DSP0004 5.5.1, "20260101120000.000000+060", "00000001020304.000000:000") and XML Schema's (DSP0230 8.4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mullion::wsman::cim {

struct Moment {
    // The last field that is known. DMTF writes asterisks behind it.
    enum class Precision : std::uint8_t { year, month, day, hour, minute, second, fraction };

    std::uint16_t year = 0;  // 0 … 9999
    std::uint8_t month = 1, day = 1, hour = 0, minute = 0, second = 0;
    std::uint32_t microsecond = 0;
    std::optional<std::int16_t> offset;  // Minutes east of Greenwich; nothing where the host did not say.
    Precision precision = Precision::fraction;
    bool has_date = true;  // False of a time of day.
    bool operator==(const Moment&) const = default;
};

struct Interval {
    std::int64_t microseconds = 0;  // Never negative.
    bool operator==(const Interval&) const = default;
};

// Any of DMTF's string, xs:dateTime, xs:date and xs:time. Digits behind the microsecond are dropped.
[[nodiscard]] std::optional<Moment> parse_moment(std::string_view text);
// DMTF's string, or xs:duration of days and less: years and months have no fixed length.
[[nodiscard]] std::optional<Interval> parse_interval(std::string_view text);

[[nodiscard]] std::string format_dmtf(const Moment& moment);  // A time of day has no such form: empty.
[[nodiscard]] std::string format_dmtf(const Interval& interval);
// xs:time of a time of day, xs:date of what is known to the day, else xs:dateTime as Windows writes it.
[[nodiscard]] std::string format_xml(const Moment& moment);
[[nodiscard]] std::string format_xml(const Interval& interval);  // "P1DT2H3M4.5S"

// For comparing: microseconds since 1970 in UTC, unknown fields at their least, an unknown offset as none.
// Nothing of a time of day.
[[nodiscard]] std::optional<std::int64_t> unix_microseconds(const Moment& moment);
// In UTC. Nothing outside the years 0 to 9999.
[[nodiscard]] std::optional<Moment> moment_of(std::int64_t unix_microseconds);

}  // namespace mullion::wsman::cim
