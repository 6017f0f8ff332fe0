#include "wsman/cim/moment.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace mullion::wsman::cim {

namespace {

using Precision = Moment::Precision;

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t day_us = 86'400 * second_us;
constexpr unsigned largest_offset = 14 * 60;  // XML Schema part 2, 3.2.7.3
constexpr std::size_t longest_text = 64;
constexpr std::size_t dmtf_size = 25;
constexpr unsigned fraction_digits = 6;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Takes the text apart from its front; after the first thing that is not there, nothing more is taken.
class Cursor {
public:
    explicit Cursor(std::string_view rest) : rest_(rest) {}

    bool literal(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    // Exactly so many digits.
    bool digits(unsigned count, std::uint64_t& value) {
        if (rest_.size() < count) return false;
        std::uint64_t sum = 0;
        for (unsigned i = 0; i < count; ++i) {
            if (!is_digit(rest_[i])) return false;
            sum = sum * 10 + static_cast<unsigned>(rest_[i] - '0');
        }
        value = sum;
        rest_.remove_prefix(count);
        return true;
    }
    bool stars(unsigned count) {
        if (rest_.size() < count) return false;
        if (rest_.substr(0, count).find_first_not_of('*') != std::string_view::npos) return false;
        rest_.remove_prefix(count);
        return true;
    }
    // ".5", ".123456789": microseconds; true also when there is no point.
    bool fraction(std::uint32_t& microseconds) {
        microseconds = 0;
        if (!literal('.')) return true;
        unsigned count = 0;
        for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1), ++count)
            if (count < fraction_digits)
                microseconds = microseconds * 10 + static_cast<unsigned>(rest_.front() - '0');
        for (unsigned i = count; i < fraction_digits; ++i) microseconds *= 10;
        return count > 0;
    }
    // Any number of digits up to `most`.
    bool number(unsigned most, std::uint64_t& value) {
        unsigned count = 0;
        while (count < rest_.size() && is_digit(rest_[count])) ++count;
        return count > 0 && count <= most && digits(count, value);
    }
    [[nodiscard]] char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

bool is_valid(const Moment& m) {
    using namespace std::chrono;
    const year_month_day date{year(m.year), month(m.month), day(m.day)};
    return date.ok() && m.hour < 24 && m.minute < 60 && m.second < 60;
}

// A field of DMTF's string: digits, or asterisks from here on.
bool field(Cursor& in, unsigned width, Precision precision, Moment& moment, std::uint64_t& value) {
    if (moment.precision < precision) return in.stars(width);
    if (in.digits(width, value)) return true;
    if (precision == Precision::year || !in.stars(width)) return false;
    moment.precision = static_cast<Precision>(static_cast<int>(precision) - 1);
    return true;
}

// The six digits behind the point, of which the last may be asterisks.
bool dmtf_fraction(Cursor& in, Moment& moment) {
    if (moment.precision < Precision::second) return in.stars(fraction_digits);
    if (in.stars(fraction_digits)) {
        moment.precision = Precision::second;
        return true;
    }
    bool stars = false;
    for (unsigned i = 0; i < fraction_digits; ++i) {
        std::uint64_t digit = 0;
        const bool known = in.digits(1, digit);
        if (!known && !in.stars(1)) return false;
        stars |= !known;
        if (known && stars) return false;
        moment.microsecond = moment.microsecond * 10 + static_cast<std::uint32_t>(digit);
    }
    return true;
}

bool dmtf_offset(Cursor& in, Moment& moment) {
    const char sign = in.peek();
    if (!in.literal('+') && !in.literal('-')) return false;
    if (in.stars(3)) return true;
    std::uint64_t minutes = 0;
    if (!in.digits(3, minutes) || minutes > largest_offset) return false;
    moment.offset =
        static_cast<std::int16_t>(sign == '-' ? -static_cast<int>(minutes) : static_cast<int>(minutes));
    return true;
}

std::optional<Moment> parse_dmtf_moment(std::string_view text) {
    Cursor in(text);
    Moment moment;
    std::uint64_t year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
    const bool fields =
        field(in, 4, Precision::year, moment, year) && field(in, 2, Precision::month, moment, month) &&
        field(in, 2, Precision::day, moment, day) && field(in, 2, Precision::hour, moment, hour) &&
        field(in, 2, Precision::minute, moment, minute) && field(in, 2, Precision::second, moment, second);
    if (!fields || !in.literal('.') || !dmtf_fraction(in, moment) || !dmtf_offset(in, moment) || !in.at_end())
        return std::nullopt;
    moment.year = static_cast<std::uint16_t>(year);
    moment.month = static_cast<std::uint8_t>(month);
    moment.day = static_cast<std::uint8_t>(day);
    moment.hour = static_cast<std::uint8_t>(hour);
    moment.minute = static_cast<std::uint8_t>(minute);
    moment.second = static_cast<std::uint8_t>(second);
    if (!is_valid(moment)) return std::nullopt;
    return moment;
}

bool xml_date(Cursor& in, Moment& moment) {
    std::uint64_t year = 0, month = 0, day = 0;
    if (!in.digits(4, year) || !in.literal('-') || !in.digits(2, month) || !in.literal('-') ||
        !in.digits(2, day))
        return false;
    moment.year = static_cast<std::uint16_t>(year);
    moment.month = static_cast<std::uint8_t>(month);
    moment.day = static_cast<std::uint8_t>(day);
    return true;
}

bool xml_time(Cursor& in, Moment& moment) {
    std::uint64_t hour = 0, minute = 0, second = 0;
    if (!in.digits(2, hour) || !in.literal(':') || !in.digits(2, minute) || !in.literal(':') ||
        !in.digits(2, second) || !in.fraction(moment.microsecond))
        return false;
    moment.hour = static_cast<std::uint8_t>(hour);
    moment.minute = static_cast<std::uint8_t>(minute);
    moment.second = static_cast<std::uint8_t>(second);
    return true;
}

// "Z", "+01:00", or nothing.
bool xml_zone(Cursor& in, Moment& moment) {
    if (in.at_end()) return true;
    if (in.literal('Z')) {
        moment.offset = 0;
        return true;
    }
    const char sign = in.peek();
    if (!in.literal('+') && !in.literal('-')) return false;
    std::uint64_t hours = 0, minutes = 0;
    if (!in.digits(2, hours) || !in.literal(':') || !in.digits(2, minutes) || minutes > 59) return false;
    const auto sum = static_cast<int>(hours * 60 + minutes);
    if (sum > static_cast<int>(largest_offset)) return false;
    moment.offset = static_cast<std::int16_t>(sign == '-' ? -sum : sum);
    return true;
}

std::optional<Moment> parse_xml_moment(std::string_view text) {
    Cursor in(text);
    Moment moment;
    moment.has_date = text.size() > 4 && text[4] == '-';
    if (moment.has_date) {
        if (!xml_date(in, moment)) return std::nullopt;
        if (!in.literal('T'))
            moment.precision = Precision::day;
        else if (!xml_time(in, moment))
            return std::nullopt;
    } else if (!xml_time(in, moment)) {
        return std::nullopt;
    }
    if (!xml_zone(in, moment) || !in.at_end() || !is_valid(moment)) return std::nullopt;
    return moment;
}

// "ddddddddhhmmss.mmmmmm:000"; asterisks stand for what is not known, which counts as none.
std::optional<Interval> parse_dmtf_interval(std::string_view text) {
    Cursor in(text);
    const std::array<std::pair<unsigned, std::int64_t>, 4> fields{
        {{8, day_us}, {2, 3600 * second_us}, {2, 60 * second_us}, {2, second_us}}};
    Interval interval;
    for (const auto& [width, unit] : fields) {
        std::uint64_t value = 0;
        if (!in.digits(width, value) && !in.stars(width)) return std::nullopt;
        if (unit != day_us && value >= static_cast<std::uint64_t>(unit == 3600 * second_us ? 24 : 60))
            return std::nullopt;
        interval.microseconds += static_cast<std::int64_t>(value) * unit;
    }
    std::uint64_t fraction = 0;
    if (!in.literal('.') || (!in.digits(6, fraction) && !in.stars(6))) return std::nullopt;
    if (!in.literal(':') || !in.literal('0') || !in.literal('0') || !in.literal('0')) return std::nullopt;
    interval.microseconds += static_cast<std::int64_t>(fraction);
    return interval;
}

// XML Schema part 2, 3.2.6. Each part at most eight digits, so that no sum overflows.
std::optional<Interval> parse_xml_interval(std::string_view text) {
    Cursor in(text);
    Interval interval;
    bool any = false;
    const auto add = [&](std::uint64_t value, std::int64_t unit) {
        interval.microseconds += static_cast<std::int64_t>(value) * unit;
        any = true;
    };
    std::uint64_t value = 0;
    if (!in.literal('P')) return std::nullopt;
    if (in.number(8, value)) {
        if (!in.literal('D')) return std::nullopt;
        add(value, day_us);
    }
    if (in.literal('T')) {
        bool have = in.number(8, value);
        if (!have) return std::nullopt;
        if (in.literal('H')) {
            add(value, 3600 * second_us);
            have = in.number(8, value);
        }
        if (have && in.literal('M')) {
            add(value, 60 * second_us);
            have = in.number(8, value);
        }
        std::uint32_t fraction = 0;
        if (have) {
            if (!in.fraction(fraction) || !in.literal('S')) return std::nullopt;
            add(value, second_us);
            interval.microseconds += fraction;
        }
    }
    // What DMTF's form cannot say is refused in both, so that each can be written as the other.
    if (!any || !in.at_end() || interval.microseconds >= 100'000'000 * day_us) return std::nullopt;
    return interval;
}

std::string fraction_text(std::uint32_t microseconds) {
    if (microseconds == 0) return {};
    auto text = fmt::format(".{:06}", microseconds);
    text.erase(text.find_last_not_of('0') + 1);
    return text;
}

std::string zone_text(const std::optional<std::int16_t>& offset) {
    if (!offset) return {};
    if (*offset == 0) return "Z";
    const int minutes = *offset < 0 ? -*offset : *offset;
    return fmt::format("{}{:02}:{:02}", *offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

}  // namespace

std::optional<Moment> parse_moment(std::string_view text) {
    if (text.size() > longest_text) return std::nullopt;
    if (text.size() == dmtf_size && text[14] == '.' && text[4] != '-') return parse_dmtf_moment(text);
    return parse_xml_moment(text);
}

std::optional<Interval> parse_interval(std::string_view text) {
    if (text.size() > longest_text) return std::nullopt;
    if (text.size() == dmtf_size && text[14] == '.') return parse_dmtf_interval(text);
    return parse_xml_interval(text);
}

std::string format_dmtf(const Moment& m) {
    if (!m.has_date) return {};
    auto text = fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}.{:06}", m.year, m.month, m.day, m.hour, m.minute,
                            m.second, m.microsecond);
    // Where the field behind the last known one begins.
    constexpr std::array<std::size_t, 7> known_up_to{4, 6, 8, 10, 12, 14, 21};
    for (auto at = known_up_to.at(static_cast<std::size_t>(m.precision)); at < text.size(); ++at)
        if (text[at] != '.') text[at] = '*';
    if (!m.offset) return text + "+***";
    const int minutes = *m.offset < 0 ? -*m.offset : *m.offset;
    return text + fmt::format("{}{:03}", *m.offset < 0 ? '-' : '+', minutes);
}

std::string format_dmtf(const Interval& interval) {
    const auto seconds = interval.microseconds / second_us;
    return fmt::format("{:08}{:02}{:02}{:02}.{:06}:000", seconds / 86'400, seconds / 3'600 % 24,
                       seconds / 60 % 60, seconds % 60, interval.microseconds % second_us);
}

std::string format_xml(const Moment& m) {
    const auto date = fmt::format("{:04}-{:02}-{:02}", m.year, m.month, m.day);
    if (m.has_date && m.precision <= Precision::day) return date + zone_text(m.offset);
    const auto time = fmt::format("{:02}:{:02}:{:02}{}{}", m.hour, m.minute, m.second,
                                  fraction_text(m.microsecond), zone_text(m.offset));
    return m.has_date ? date + "T" + time : time;
}

std::string format_xml(const Interval& interval) {
    const auto seconds = interval.microseconds / second_us;
    return fmt::format("P{}DT{}H{}M{}{}S", seconds / 86'400, seconds / 3'600 % 24, seconds / 60 % 60,
                       seconds % 60,
                       fraction_text(static_cast<std::uint32_t>(interval.microseconds % second_us)));
}

std::optional<std::int64_t> unix_microseconds(const Moment& m) {
    using namespace std::chrono;
    if (!m.has_date || !is_valid(m)) return std::nullopt;
    const auto days = sys_days(year_month_day(year(m.year), month(m.month), day(m.day))).time_since_epoch();
    std::int64_t at = days.count() * day_us;
    at += (m.hour * 3600LL + m.minute * 60LL + m.second - m.offset.value_or(0) * 60LL) * second_us;
    return at + m.microsecond;
}

std::optional<Moment> moment_of(std::int64_t at) {
    using namespace std::chrono;
    const auto whole = floor<days>(microseconds(at));
    // chrono's year is 16 bits wide: what is far outside is refused before it is asked.
    if (whole.count() < -719'528 || whole.count() > 2'932'896) return std::nullopt;
    const year_month_day date{sys_days(whole)};
    auto rest = at - whole.count() * day_us;
    Moment m;
    m.year = static_cast<std::uint16_t>(static_cast<int>(date.year()));
    m.month = static_cast<std::uint8_t>(static_cast<unsigned>(date.month()));
    m.day = static_cast<std::uint8_t>(static_cast<unsigned>(date.day()));
    m.microsecond = static_cast<std::uint32_t>(rest % second_us);
    rest /= second_us;
    m.hour = static_cast<std::uint8_t>(rest / 3600);
    m.minute = static_cast<std::uint8_t>(rest / 60 % 60);
    m.second = static_cast<std::uint8_t>(rest % 60);
    m.offset = 0;
    return m;
}

}  // namespace mullion::wsman::cim
