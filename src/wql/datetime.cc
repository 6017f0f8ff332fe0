#include "wql/datetime.h"

#include <array>
#include <chrono>

#include "wql/fold.h"

namespace mullion::wql {
namespace {

constexpr std::int64_t second = 1'000'000, minute = 60 * second, day = 24 * 60 * minute;
constexpr std::array<std::string_view, 12> months = {"January",   "February", "March",    "April",
                                                     "May",       "June",     "July",     "August",
                                                     "September", "October",  "November", "December"};

// Takes parts from the front; what is not there is noted in `good`, and nothing more is looked at.
class Reader {
public:
    explicit Reader(std::string_view text) : text_(text) {}

    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] bool at_end() const { return text_.empty(); }
    [[nodiscard]] char front() const { return text_.empty() ? '\0' : text_.front(); }
    [[nodiscard]] bool at_digit() const { return front() >= '0' && front() <= '9'; }
    // "4:15", "4 PM"; or nothing more.
    [[nodiscard]] bool at_time_or_end() const {
        auto rest = text_.substr(digits_ahead());
        if (rest.starts_with(':')) return true;
        while (rest.starts_with(' ')) rest.remove_prefix(1);
        return at_end() || same_name(rest.substr(0, 2), "AM") || same_name(rest.substr(0, 2), "PM");
    }
    [[nodiscard]] std::size_t digits_ahead() const {
        return std::min(text_.find_first_not_of("0123456789"), text_.size());
    }

    bool take(char c) {
        if (front() != c) return false;
        text_.remove_prefix(1);
        return true;
    }
    void blanks() {
        while (take(' ')) {
        }
    }
    void want(bool that) { good_ = good_ && that; }

    // So many digits, of which the number is at most `most`.
    std::int64_t number(std::size_t least_digits, std::size_t most_digits, std::int64_t most) {
        std::int64_t value = 0;
        std::size_t count = 0;
        for (; count < most_digits && at_digit(); ++count) {
            value = value * 10 + (front() - '0');
            text_.remove_prefix(1);
        }
        want(count >= least_digits && value <= most);
        return value;
    }
    std::int64_t exactly(std::size_t digits, std::int64_t most) { return number(digits, digits, most); }

    std::string_view letters() {
        std::size_t count = 0;
        while (count < text_.size() && fold(static_cast<unsigned char>(text_[count])) >= 'a' &&
               fold(static_cast<unsigned char>(text_[count])) <= 'z')
            ++count;
        const auto word = text_.substr(0, count);
        text_.remove_prefix(count);
        return word;
    }

private:
    std::string_view text_;
    bool good_ = true;
};

struct Date {
    std::int64_t year = 0, month = 0, day = 0;
};

std::optional<std::int64_t> midnight_of(const Date& date) {
    const std::chrono::year_month_day civil{std::chrono::year(static_cast<int>(date.year)),
                                            std::chrono::month(static_cast<unsigned>(date.month)),
                                            std::chrono::day(static_cast<unsigned>(date.day))};
    if (!civil.ok()) return std::nullopt;
    return std::chrono::sys_days(civil).time_since_epoch().count() * day;
}

// "HHMMSS.mmmmmm" of both forms of CIM_DATETIME.
std::int64_t packed_time(Reader& in) {
    const auto hours = in.exactly(2, 23), minutes = in.exactly(2, 59), seconds = in.exactly(2, 59);
    in.want(in.take('.'));
    return (hours * 60 + minutes) * minute + seconds * second + in.exactly(6, 999'999);
}

std::optional<DateTime> parse_interval(std::string_view text) {
    Reader in(text);
    const auto days = in.exactly(8, 99'999'999);
    const auto rest = packed_time(in);
    in.want(in.take(':') && in.exactly(3, 0) == 0 && in.at_end());
    if (!in.good()) return std::nullopt;
    return DateTime{true, days * day + rest};
}

std::optional<DateTime> parse_point(std::string_view text) {
    Reader in(text);
    const Date date{in.exactly(4, 9999), in.exactly(2, 12), in.exactly(2, 31)};
    const auto time = packed_time(in);
    const bool west = in.take('-');
    in.want(west || in.take('+'));
    const auto offset = in.exactly(3, 999) * minute;
    in.want(in.at_end());
    const auto midnight = midnight_of(date);
    if (!in.good() || !midnight) return std::nullopt;
    return DateTime{false, *midnight + time - (west ? -offset : offset)};
}

std::int64_t month_named(std::string_view word) {
    for (std::size_t i = 0; i < months.size(); ++i) {
        if (same_name(word, months[i]) || same_name(word, months[i].substr(0, 3)))
            return static_cast<std::int64_t>(i) + 1;
    }
    return 0;  // No month, and midnight_of() refuses it.
}

// The month's name, a year of four digits and, where there is one, the day, which is otherwise the first: in
// any order, with blanks and a comma between. What is there twice is refused, and so is what is missing.
Date date_in_words(Reader& in) {
    Date date;
    for (int part = 0;; ++part) {
        auto& into = !in.at_digit() ? date.month : in.digits_ahead() == 4 ? date.year : date.day;
        in.want(into == 0);
        into = in.at_digit() ? in.number(1, 4, 9999) : month_named(in.letters());
        in.want(into != 0);
        auto ahead = in;
        (void)ahead.take(',');
        ahead.blanks();
        if (!in.good() || part == 2 || (part == 1 && ahead.at_time_or_end())) break;
        in = ahead;
    }
    in.want(date.month != 0 && date.year != 0);
    if (date.day == 0) date.day = 1;
    return date;
}

Date date_in_numbers(Reader& in) {
    const auto mark = [&in](char wanted) { in.want(in.take(wanted)); };
    const bool year_first = in.digits_ahead() >= 4;
    Date date;
    auto& first = year_first ? date.year : date.month;
    first = year_first ? in.exactly(4, 9999) : in.number(1, 2, 12);
    const char between = in.front();
    in.want(between == '-' || between == '/' || between == '.');
    mark(between);
    (year_first ? date.month : date.day) = in.number(1, 2, year_first ? 12 : 31);
    mark(between);
    (year_first ? date.day : date.year) = year_first ? in.number(1, 2, 31) : in.exactly(4, 9999);
    return date;
}

Date packed_date(Reader& in) {
    return {in.exactly(4, 9999), in.exactly(2, 12), in.exactly(2, 31)};
}

// The form is seen from the front: eight digits, digits and a mark, or one with a word.
Date any_date(Reader& in, std::string_view text) {
    if (in.digits_ahead() == 8) return packed_date(in);
    const auto mark = text.find_first_not_of("0123456789");
    const bool numbers = mark != 0 && mark != std::string_view::npos &&
                         (text[mark] == '-' || text[mark] == '/' || text[mark] == '.');
    if (numbers) return date_in_numbers(in);
    return date_in_words(in);
}

// "12 AM" is midnight and "12 PM" is noon.
std::int64_t hour_of_half(Reader& in, std::int64_t hour, bool wanted) {
    in.blanks();
    const auto word = in.letters();
    const bool after_noon = same_name(word, "PM");
    if (word.empty() && !wanted) return hour;
    in.want((after_noon || same_name(word, "AM")) && hour >= 1 && hour <= 12);
    return hour % 12 + (after_noon ? 12 : 0);
}

std::int64_t fraction(Reader& in) {
    if (in.take(':')) return in.number(1, 3, 999) * 1000;
    if (!in.take('.')) return 0;
    const auto digits = in.digits_ahead();
    auto value = in.number(1, 6, 999'999);
    for (auto i = digits; i < 6; ++i) value *= 10;
    return value;
}

std::int64_t written_time(Reader& in) {
    auto hour = in.number(1, 2, 23);
    const bool with_minutes = in.take(':');
    const auto minutes = with_minutes ? in.exactly(2, 59) : 0;
    std::int64_t rest = 0;
    if (with_minutes && in.take(':')) {
        rest = in.exactly(2, 59) * second;
        rest += fraction(in);
    }
    hour = hour_of_half(in, hour, !with_minutes);
    return (hour * 60 + minutes) * minute + rest;
}

std::optional<DateTime> parse_written(std::string_view text, int offset_minutes) {
    Reader in(text);
    const auto midnight = midnight_of(any_date(in, text));
    std::int64_t time = 0;
    if (!in.at_end()) {
        in.want(in.take(' '));
        in.blanks();
        time = written_time(in);
    }
    if (!in.good() || !in.at_end() || !midnight) return std::nullopt;
    return DateTime{false, *midnight + time - offset_minutes * minute};
}

}  // namespace

std::optional<DateTime> parse_datetime(std::string_view text, int offset_minutes) {
    constexpr std::size_t packed = std::string_view("yyyymmddHHMMSS.mmmmmm+UUU").size();
    constexpr std::size_t longest = 64;
    if (text.size() > longest) return std::nullopt;
    if (text.size() == packed && text[14] == '.') {
        if (text[packed - 4] == ':') return parse_interval(text);
        return parse_point(text);
    }
    return parse_written(text, offset_minutes);
}

}  // namespace mullion::wql
