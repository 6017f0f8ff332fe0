// CIM's points in time and intervals as a query writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mullion::wql {

// Intervals and points in time are never equal, nor before one another.
struct DateTime {
    bool interval = false;
    std::int64_t microseconds = 0;  // Since 1970 in UTC, or how long the interval is.

    bool operator==(const DateTime&) const = default;
};

// In quotes in a query:
// - CIM_DATETIME, "yyyymmddHHMMSS.mmmmmm+UUU" with minutes from UTC, and "ddddddddHHMMSS.mmmmmm:000". No
//   asterisks, which WMI does not take in a WHERE clause either.
// - "yyyy-mm-dd[ time]", "mm/dd/yyyy[ time]" (each with - / or .), "yyyymmdd", "Jan[uary] 2[,] yyyy" with its
// three
//   parts in any order, "Jan[uary] yyyy", and for the time "hh:mm[:ss[:mmm|.mmmmmm]]", "hh[:mm…] AM|PM". They
//   are `offset_minutes` ahead of UTC: the zone of this machine. WMI's further ones ("WQL-Supported Date
//   Formats") leave it to the language of the machine which number is the day, or have years of two digits.
[[nodiscard]] std::optional<DateTime> parse_datetime(std::string_view text, int offset_minutes = 0);

}  // namespace mullion::wql
