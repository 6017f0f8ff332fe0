#include "inventory/ranges.h"

#include <fmt/core.h>

#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

namespace mullion::inventory {
namespace {

constexpr std::size_t most_names = 1'000'000;
constexpr std::size_t longest_text = 4096;
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

Error wrong(std::string_view text, std::string_view why) {
    return {ErrorId::inventory_invalid, fmt::format("the host range '{}' {}", text, why)};
}

// What stands between one pair of brackets, as a sequence of texts.
struct Range {
    std::int64_t begin = 0, end = 0, step = 1;  // Both ends belong to it.
    std::size_t width = 0;                      // Filled with zeros on the left to this many digits.
    bool alphabetic = false;                    // Ends are places in `letters`.

    [[nodiscard]] std::size_t count() const {
        const bool up = step > 0;
        if (up ? begin > end : begin < end) return 0;
        const auto span = up ? end - begin : begin - end;
        return static_cast<std::size_t>(span / (up ? step : -step)) + 1;
    }
    void write(std::size_t place, std::string& into) const {
        const auto value = begin + static_cast<std::int64_t>(place) * step;
        if (alphabetic) {
            into += letters[static_cast<std::size_t>(value)];
        } else {
            into += fmt::format("{:0{}}", value, width);
        }
    }
};

struct Part {
    std::string_view literal;  // What stands before the range.
    Range range;
};

// As Python's int(): a sign is allowed. Bounded, so that sums of three of them cannot overflow.
std::optional<std::int64_t> number(std::string_view text) {
    if (!text.empty() && text.front() == '+') {
        text.remove_prefix(1);
        if (!text.empty() && text.front() == '-') return std::nullopt;
    }
    std::int64_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    constexpr std::int64_t limit = 1'000'000'000'000'000;
    if (fault != std::errc{} || end != text.data() + text.size() || value > limit || value < -limit)
        return std::nullopt;
    return value;
}

std::optional<std::int64_t> letter(std::string_view text) {
    const auto place = text.size() == 1 ? letters.find(text) : std::string_view::npos;
    if (place == std::string_view::npos) return std::nullopt;
    return static_cast<std::int64_t>(place);
}

Result<Range> read_range(std::string_view name, std::string_view text) {
    const auto first = text.find(':');
    if (first == std::string_view::npos) return wrong(name, "must be [begin:end] or [begin:end:step]");
    auto begin = text.substr(0, first);
    auto end = text.substr(first + 1);
    std::string_view step = "1";
    if (const auto second = end.find(':'); second != std::string_view::npos) {
        step = end.substr(second + 1);
        end = end.substr(0, second);
        if (step.find(':') != std::string_view::npos)
            return wrong(name, "must be [begin:end] or [begin:end:step]");
    }
    if (begin.empty()) begin = "0";
    if (end.empty()) return wrong(name, "has no end");
    Range range;
    if (begin.size() > 1 && begin.front() == '0') {
        if (begin.size() != end.size()) return wrong(name, "must have a begin and an end of equal length");
        range.width = begin.size();
    }
    const auto stride = number(step);
    if (!stride || *stride == 0) return wrong(name, "has a step that is not a number, or zero");
    range.step = *stride;
    const auto from = letter(begin), to = letter(end);
    if (from && to) {
        if (*from > *to) return wrong(name, "must not begin after its end");
        // A slice of letters never runs backwards, since its begin is not after its end.
        if (*stride < 0) return Range{0, -1, 1, 0, true};
        return Range{*from, *to, *stride, 0, true};
    }
    const auto low = number(begin), high = number(end);
    if (!low || !high) return wrong(name, "must go from letter to letter or from number to number");
    range.begin = *low;
    // The end of a Python range lies one beyond, in whichever direction.
    range.end = *stride > 0 ? *high : *high + 2;
    return range;
}

void expand(const std::vector<Part>& parts, std::string_view tail, std::size_t depth, std::string& name,
            const std::function<void(std::string_view)>& each) {
    const auto size = name.size();
    if (depth == parts.size()) {
        name += tail;
        each(name);
        name.resize(size);
        return;
    }
    const auto& [literal, range] = parts[depth];
    name += literal;
    const auto before = name.size();
    for (std::size_t i = 0; i < range.count(); ++i) {
        range.write(i, name);
        expand(parts, tail, depth + 1, name, each);
        name.resize(before);
    }
    name.resize(size);
}

}  // namespace

Result<void> expand_range(std::string_view text, const std::function<void(std::string_view)>& each) {
    if (text.size() > longest_text) return wrong(text.substr(0, 64), "… is too long");
    std::vector<Part> parts;
    std::size_t names = 1;
    auto rest = text;
    for (auto open = rest.find('['); open != std::string_view::npos; open = rest.find('[')) {
        const auto close = rest.find(']');
        if (close == std::string_view::npos || close < open)
            return wrong(text, "has brackets that do not match");
        MULLION_ASSIGN(const auto range, read_range(text, rest.substr(open + 1, close - open - 1)));
        names = range.count() > most_names ? most_names + 1 : names * range.count();
        if (names > most_names) return wrong(text, fmt::format("is more than {} hosts", most_names));
        parts.push_back({rest.substr(0, open), range});
        rest.remove_prefix(close + 1);
    }
    std::string name;
    if (names != 0) expand(parts, rest, 0, name, each);
    return {};
}

}  // namespace mullion::inventory
