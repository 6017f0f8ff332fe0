#include "checks/output/methods.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "checks/bytes.h"
#include "checks/threshold.h"

namespace mullion::checks {
namespace {

// Whole numbers stay exact, as Perl's do.
std::optional<std::int64_t> exact(std::string_view text) {
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return {};
    return value;
}

std::string minus(const std::string& a, const std::string& b) {
    const auto left = exact(a), right = exact(b);
    std::int64_t result = 0;
    if (left && right && !__builtin_sub_overflow(*left, *right, &result)) return std::to_string(result);
    return perl_number(numeric(a) - numeric(b));
}

std::string plus(const std::string& a, const std::string& b) {
    const auto left = exact(a), right = exact(b);
    std::int64_t result = 0;
    if (left && right && !__builtin_add_overflow(*left, *right, &result)) return std::to_string(result);
    return perl_number(numeric(a) + numeric(b));
}

template <class Change>
void change_thresholds(ShownMetric& metric, const Change& change) {
    for (auto* text : {&metric.warning, &metric.critical}) {
        if (text->empty()) continue;
        auto range = Range::parse(*text);
        if (!range) continue;
        change(*range);
        *text = range->print();
    }
}

constexpr std::string_view steps = "KMGTPE";

int exponent(std::string_view quantity) {
    if (quantity.empty()) return 0;
    const char letter = static_cast<char>(quantity.front() & ~0x20);
    return static_cast<int>(steps.find(letter)) + 1;
}

struct Unit {
    std::string quantity, name;
};

bool known_unit(std::string_view name) {
    constexpr std::array<std::string_view, 5> names = {"B", "b", "bps", "Bps", "b/s"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<Unit> unit_of(std::string_view text) {
    if (known_unit(text)) return Unit{{}, std::string(text)};
    if (text.empty() || exponent(text) == 0 || !known_unit(text.substr(1))) return {};
    return Unit{std::string(text.substr(0, 1)), std::string(text.substr(1))};
}

bool bits(std::string_view unit) {
    return unit.find('b') != std::string_view::npos;
}

bool bytes(std::string_view unit) {
    return unit.find('B') != std::string_view::npos;
}

double scaled(double value, const Unit& from, const Unit& to) {
    if (bits(to.name) && bytes(from.name)) value *= 8;
    if (bytes(to.name) && bits(from.name)) value /= 8;
    const double base = bits(to.name) ? 1000 : 1024;
    return value / std::pow(base, exponent(to.quantity) - exponent(from.quantity));
}

// The unit in which the value is less than 1024 of it (Centreon: also of bits).
Unit fitting(double value, const Unit& from) {
    auto step = static_cast<std::size_t>(exponent(from.quantity));
    for (; step < steps.size() && value >= 1024; ++step) value /= 1024;
    Unit to = from;
    to.quantity.clear();
    if (step > 0) to.quantity = static_cast<char>(steps[step - 1] | 0x20);
    return to;
}

double automatic(double value, const Unit& from, const Unit& to) {
    return value / std::pow(1024.0, exponent(to.quantity) - exponent(from.quantity));
}

}  // namespace

void invert_metric(ShownMetric& metric) {
    if (metric.max.empty()) return;
    metric.value = minus(metric.max, metric.value);
    const double max = numeric(metric.max);
    change_thresholds(metric, [&](Range& range) { range.invert(max); });
}

void make_percent(ShownMetric& metric) {
    const double max = numeric(metric.max);
    if (metric.max.empty() || max == 0) return;
    const auto percent = [&](const std::string& number) { return fixed(numeric(number) * 100 / max); };
    metric.value = percent(metric.value);
    metric.unit = "%";
    change_thresholds(metric, [&](Range& range) { range.change(percent); });
    metric.max = "100";
}

void scale_metric(const Extension& how, ShownMetric& metric) {
    const auto from = unit_of(metric.unit);
    if (!from) return;
    const bool fits = how.argument == "auto";
    const double value = numeric(metric.value);
    const Unit to = fits ? fitting(value, *from) : Unit{how.quantity, how.argument};
    const auto number = [&](const std::string& text) {
        return perl_number(fits && text == metric.value ? automatic(value, *from, to)
                                                        : scaled(numeric(text), *from, to));
    };
    const auto converted = fixed(fits ? automatic(value, *from, to) : scaled(value, *from, to));
    if (!metric.max.empty()) metric.max = fixed(scaled(numeric(metric.max), *from, to));
    change_thresholds(metric, [&](Range& range) { range.change(number); });
    metric.value = converted;
    metric.unit = to.quantity + to.name;
}

Result<void> calculate_metric(const Extension& how, bool compat, ShownMetric& metric) {
    std::optional<Error> failed;
    const auto calculate = [&](const std::string& number) {
        auto result = how.formula->value([&](std::string_view) { return std::optional(number); });
        if (result) return *result;
        failed = result.error();
        return number;
    };
    metric.value = calculate(metric.value);
    if (how.with_thresholds) {
        change_thresholds(metric, [&](Range& range) { range.change(calculate); });
        // Centreon sets the maximum to 100 there, of whatever it is.
        if (compat) metric.max = "100";
    }
    if (failed) return *failed;
    return {};
}

namespace {

// "$1" in the pattern of a group is what the search found: as that text, not as a pattern of its own.
std::string pattern_of(const std::string& argument, const std::vector<std::string>& groups, bool compat) {
    std::string pattern;
    for (std::size_t i = 0; i < argument.size(); ++i) {
        const bool number =
            argument[i] == '$' && i + 1 < argument.size() && argument[i + 1] >= '1' && argument[i + 1] <= '9';
        if (!number) {
            pattern += argument[i];
            continue;
        }
        const auto which = static_cast<std::size_t>(argument[++i] - '0');
        const auto found = which < groups.size() ? groups[which] : std::string();
        pattern += compat ? found : "\\Q" + found + "\\E";
    }
    return pattern;
}

bool has_digit(const std::string& text) {
    return text.find_first_of("0123456789") != std::string::npos;
}

}  // namespace

Result<void> gather_metric(const Extension& how, const std::vector<std::string>& groups, bool compat,
                           const std::vector<ShownMetric>& all, ShownMetric& metric) {
    MULLION_ASSIGN(const auto regex,
                   Regex::compile(pattern_of(how.argument, groups, compat), "extend-perfdata-group"));
    std::string result;
    std::size_t count = 0;
    for (const auto& one : all) {
        MULLION_ASSIGN(const bool found, regex.matches(one.label));
        if (!found || !has_digit(one.value)) continue;
        ++count;
        using Method = Extension::Method;
        if (how.method == Method::sum || how.method == Method::average)
            result = plus(count == 1 ? "0" : result, one.value);
        else if (count == 1 || (how.method == Method::min ? numeric(one.value) < numeric(result)
                                                          : numeric(one.value) > numeric(result)))
            result = one.value;
    }
    if (count == 0) return {};
    metric.value = how.method == Extension::Method::average
                       ? fixed(numeric(result) / static_cast<double>(count))
                       : result;
    return {};
}

namespace {

// The first number in the text, and whether a per cent sign is behind it.
struct FoundNumber {
    std::string number;
    bool percent = false;
};

std::optional<FoundNumber> first_number(std::string_view text) {
    constexpr std::string_view digits = "0123456789";
    const auto first = text.find_first_of(digits);
    if (first == std::string_view::npos) return {};
    auto end = text.find_first_not_of(digits, first);
    if (end == std::string_view::npos) end = text.size();
    if (end + 1 < text.size() && text[end] == '.' && digits.find(text[end + 1]) != std::string_view::npos) {
        end = text.find_first_not_of(digits, end + 1);
        if (end == std::string_view::npos) end = text.size();
    }
    auto behind = text.find_first_not_of(" \t", end);
    return FoundNumber{std::string(text.substr(first, end - first)),
                       behind != std::string_view::npos && text[behind] == '%'};
}

std::string replaced_bound(std::string_view text, const std::string& max) {
    const auto found = first_number(text);
    if (!found || (found->percent && max.empty())) return {};
    if (!found->percent) return found->number;
    return perl_number(numeric(found->number) * numeric(max) / 100);
}

}  // namespace

std::string replaced_threshold(const std::string& text, const std::string& max) {
    std::string result;
    std::size_t at = 0;
    while (true) {
        const auto colon = text.find(':', at);
        const auto end = colon == std::string::npos ? text.size() : colon;
        result += replaced_bound(std::string_view(text).substr(at, end - at), max);
        if (colon == std::string::npos) return result;
        result += ':';
        at = colon + 1;
    }
}

}  // namespace mullion::checks
