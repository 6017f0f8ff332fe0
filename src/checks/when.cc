#include "checks/when.h"

#include <fmt/format.h>

#include <array>
#include <ctime>

namespace mullion::checks {

std::string local_time(std::int64_t unix_seconds) {
    constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t time = unix_seconds;
    std::tm parts{};
    if (::localtime_r(&time, &parts) == nullptr) return fmt::format("{} s after 1970", unix_seconds);
    return fmt::format("{} {} {:2} {:02}:{:02}:{:02} {}", days.at(static_cast<unsigned>(parts.tm_wday)),
                       months.at(static_cast<unsigned>(parts.tm_mon)), parts.tm_mday, parts.tm_hour,
                       parts.tm_min, parts.tm_sec, parts.tm_year + 1900);
}

std::int64_t unix_now(const Clock& clock) {
    return std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch()).count();
}

}  // namespace mullion::checks
