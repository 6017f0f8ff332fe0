#include "aws/moment.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace mullion::aws {
namespace {

struct Parts {
    int year = 0;
    unsigned month = 0, day = 0;
    long hour = 0, minute = 0, second = 0;
};

Parts parts_of(WallTime at) {
    const auto days = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(days);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - days));
    return {int(date.year()),     unsigned(date.month()), unsigned(date.day()),
            time.hours().count(), time.minutes().count(), time.seconds().count()};
}

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    int value = 0;
    for (const char c : text.substr(at, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

// "Z", or a fraction and "Z".
bool is_end(std::string_view text) {
    if (text == "Z") return true;
    if (text.size() < 3 || text.size() > 11 || text.front() != '.' || text.back() != 'Z') return false;
    const auto fraction = text.substr(1, text.size() - 2);
    return std::all_of(fraction.begin(), fraction.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string basic_moment(WallTime at) {
    const auto [year, month, day, hour, minute, second] = parts_of(at);
    return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", year, month, day, hour, minute, second);
}

std::string plain_moment(WallTime at) {
    const auto [year, month, day, hour, minute, second] = parts_of(at);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, month, day, hour, minute, second);
}

std::optional<WallTime> parse_moment(std::string_view text) {
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
        text[16] != ':')
        return std::nullopt;
    const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    const auto hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    if (!year || !month || !day || !hour || !minute || !second || !is_end(text.substr(19)))
        return std::nullopt;
    const auto date = std::chrono::year(*year) / *month / *day;
    // Beyond 2262 the clock's own type ends.
    if (!date.ok() || *year < 1970 || *year > 2200 || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    return WallTime(std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
                    std::chrono::seconds(*second));
}

}  // namespace mullion::aws
