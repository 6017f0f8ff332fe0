// xs:duration without years and months, whose length is not fixed. XML Schema part 2, 3.2.6.
#include <fmt/format.h>

#include <limits>

#include "wsman/envelope.h"

namespace mullion::wsman {

namespace {

constexpr std::uint64_t largest = std::numeric_limits<Duration::rep>::max();

// Reads "12H", "7.250S": digits, a unit, in the order D H M S, each at most once.
class Reader {
public:
    explicit Reader(std::string_view rest) : rest_(rest) {}

    // Adds the next part when its unit is `unit`. False when the text is wrong or the sum too large.
    [[nodiscard]] bool part(char unit, std::uint64_t milliseconds_each) {
        const auto digits = leading_digits(rest_);
        if (digits.empty() || digits.size() >= rest_.size() || rest_[digits.size()] != unit) return true;
        rest_.remove_prefix(digits.size() + 1);
        return add(digits, milliseconds_each);
    }

    // Seconds may have a fraction; what is below a millisecond is dropped.
    [[nodiscard]] bool seconds() {
        const auto whole = leading_digits(rest_);
        if (whole.empty() || whole.size() >= rest_.size()) return true;
        auto after = rest_.substr(whole.size());
        std::string_view fraction;
        if (after.front() == '.') {
            fraction = leading_digits(after.substr(1));
            if (fraction.empty()) return true;
            after.remove_prefix(1 + fraction.size());
        }
        if (after.empty() || after.front() != 'S') return true;
        rest_ = after.substr(1);
        std::string thousandths(fraction.substr(0, 3));
        thousandths.resize(3, '0');
        return add(whole, 1000) && add(thousandths, 1);
    }

    [[nodiscard]] bool take(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] bool any() const { return any_; }
    [[nodiscard]] Duration sum() const { return Duration(static_cast<Duration::rep>(sum_)); }

private:
    static std::string_view leading_digits(std::string_view text) {
        return text.substr(0, std::min(text.find_first_not_of("0123456789"), text.size()));
    }

    bool add(std::string_view digits, std::uint64_t milliseconds_each) {
        any_ = true;
        std::uint64_t value = 0;
        for (const char digit : digits) {
            if (value > largest / 10 - 1) return false;
            value = value * 10 + static_cast<std::uint64_t>(digit - '0');
        }
        if (value > (largest - sum_) / milliseconds_each) return false;
        sum_ += value * milliseconds_each;
        return true;
    }

    std::string_view rest_;
    std::uint64_t sum_ = 0;
    bool any_ = false;
};

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
    Reader reader(text);
    if (!reader.take('P') || !reader.part('D', 86'400'000)) return std::nullopt;
    if (reader.take('T')) {
        if (reader.at_end()) return std::nullopt;
        if (!reader.part('H', 3'600'000) || !reader.part('M', 60'000) || !reader.seconds())
            return std::nullopt;
    }
    if (!reader.at_end() || !reader.any()) return std::nullopt;
    return reader.sum();
}

std::string format_duration(Duration value) {
    const auto count = value.count();
    if (count < 0)
        return fmt::format("PT{}S", count / 1000);  // As clients with a bug send it: to be refused.
    if (count % 1000 == 0) return fmt::format("PT{}S", count / 1000);
    return format_duration_long(value);
}

std::string format_duration_long(Duration value) {
    const auto count = std::max<Duration::rep>(value.count(), 0);
    return fmt::format("PT{}.{:03}S", count / 1000, count % 1000);
}

std::string format_duration_days(Duration value) {
    const auto seconds = std::max<Duration::rep>(value.count(), 0) / 1000;
    return fmt::format("P{}DT{}H{}M{}S", seconds / 86'400, seconds / 3'600 % 24, seconds / 60 % 60,
                       seconds % 60);
}

}  // namespace mullion::wsman
