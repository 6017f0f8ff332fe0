#include "http/date.h"

#include <algorithm>
#include <array>

namespace mullion::http {
namespace {

constexpr std::string_view form = "ddd, 00 mmm 0000 00:00:00 GMT";
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool has_form(std::string_view text) {
    if (text.size() != form.size()) return false;
    for (std::size_t at = 0; at < form.size(); ++at) {
        const char wanted = form[at], c = text[at];
        const bool digit = c >= '0' && c <= '9';
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool fits = wanted == '0' ? digit : wanted == 'd' || wanted == 'm' ? letter : c == wanted;
        if (!fits) return false;
    }
    return true;
}

int number(std::string_view digits) {
    int value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
}

}  // namespace

// The day of the week says nothing that the rest does not.
std::optional<std::chrono::sys_seconds> parse_date(std::string_view text) {
    if (!has_form(text)) return std::nullopt;
    const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
    if (month == months.end()) return std::nullopt;
    const std::chrono::year_month_day day(
        std::chrono::year(number(text.substr(12, 4))),
        std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
        std::chrono::day(static_cast<unsigned>(number(text.substr(5, 2)))));
    const auto hours = number(text.substr(17, 2)), minutes = number(text.substr(20, 2)),
               seconds = number(text.substr(23, 2));
    if (!day.ok() || hours > 23 || minutes > 59 || seconds > 60) return std::nullopt;
    return std::chrono::sys_days(day) + std::chrono::hours(hours) + std::chrono::minutes(minutes) +
           std::chrono::seconds(seconds);
}

}  // namespace mullion::http
