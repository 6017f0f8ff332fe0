// YAML 1.1's timestamps, which Ansible shows in ISO 8601's form (yaml.org/type/timestamp.html).
#include <chrono>

#include <fmt/core.h>

#include "inventory/yaml_time.h"

namespace mullion::inventory {
namespace {

class Cursor {
public:
    explicit Cursor(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool take_any(std::string_view characters) {
        if (rest_.empty() || characters.find(rest_[0]) == std::string_view::npos) return false;
        last_ = rest_[0];
        rest_.remove_prefix(1);
        return true;
    }
    [[nodiscard]] char last() const { return last_; }
    // From `least` to `most` digits.
    std::optional<int> number(unsigned least, unsigned most) {
        int value = 0;
        unsigned count = 0;
        for (; count < most && !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; ++count) {
            value = value * 10 + (rest_[0] - '0');
            rest_.remove_prefix(1);
        }
        if (count < least) return std::nullopt;
        return value;
    }
    std::string_view digits() {
        const auto count = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
        const auto out = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return out;
    }
    bool blanks() {
        bool some = false;
        while (take_any(" \t")) some = true;
        return some;
    }

private:
    std::string_view rest_;
    char last_ = '\0';
};

// "Z" or "+1", "-05:30" behind the time: the difference as Python prints it, nothing where the text is not
// one.
std::optional<std::string> zone(Cursor& at) {
    at.blanks();
    if (at.at_end()) return "";
    if (at.take('Z')) return at.at_end() ? std::optional<std::string>("+00:00") : std::nullopt;
    if (!at.take_any("+-")) return std::nullopt;
    const bool west = at.last() == '-';
    const auto hours = at.number(1, 2);
    if (!hours) return std::nullopt;
    int minutes = 0;
    if (at.take(':')) {
        const auto given = at.number(2, 2);
        if (!given) return std::nullopt;
        minutes = *given;
    }
    const int all = *hours * 60 + minutes;
    if (!at.at_end() || all >= 24 * 60) return std::nullopt;
    return fmt::format("{}{:02}:{:02}", west && all != 0 ? '-' : '+', all / 60, all % 60);
}

}  // namespace

std::optional<std::string> yaml_time(std::string_view text) {
    if (text.size() < 8 || text[4] != '-') return std::nullopt;
    Cursor at(text);
    const auto year = at.number(4, 4);
    if (!year || !at.take('-')) return std::nullopt;
    const auto month = at.number(1, 2);
    if (!month || !at.take('-')) return std::nullopt;
    const auto day = at.number(1, 2);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (*year == 0 || !date.ok()) return std::nullopt;
    const std::string out = fmt::format("{:04}-{:02}-{:02}", *year, *month, *day);
    // Alone, all parts have both digits.
    if (at.at_end()) return text.size() == 10 ? std::optional(out) : std::nullopt;

    if (!at.take_any("Tt") && !at.blanks()) return std::nullopt;
    const auto hour = at.number(1, 2);
    if (!hour || !at.take(':')) return std::nullopt;
    const auto minute = at.number(2, 2);
    if (!minute || !at.take(':')) return std::nullopt;
    const auto second = at.number(2, 2);
    if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    std::string micro;
    if (at.take('.')) micro = at.digits().substr(0, 6);
    const auto difference = zone(at);
    if (!difference) return std::nullopt;
    micro.resize(6, '0');
    return fmt::format("{}T{:02}:{:02}:{:02}{}{}", out, *hour, *minute, *second,
                       micro == "000000" ? "" : "." + micro, *difference);
}

}  // namespace mullion::inventory
