#include "inventory/pattern_parts.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "inventory/address.h"
#include "inventory/ini_lines.h"

namespace mullion::inventory {
namespace {

constexpr std::size_t longest_pattern = 4 * 1024 * 1024;  // A list of every host of a large inventory.

std::vector<std::string_view> split_at_commas(std::string_view text) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto comma = text.find(',');
        parts.push_back(trim(text.substr(0, comma)));
        if (comma == std::string_view::npos) return parts;
        text.remove_prefix(comma + 1);
    }
}

bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// Runs of anything but blanks and colons; colons inside of brackets belong to a run, and a bracket without
// its partner parts runs as a colon does.
std::vector<std::string_view> split_at_colons(std::string_view text) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0, at = 0;
    const auto finish = [&] {
        if (at > begin) parts.push_back(text.substr(begin, at - begin));
        begin = ++at;
    };
    while (at < text.size()) {
        const auto close = text[at] == '[' ? text.find(']', at) : std::string_view::npos;
        if (close != std::string_view::npos) {
            at = close + 1;
        } else if (is_blank(text[at]) || text[at] == ':' || text[at] == '[' || text[at] == ']') {
            finish();
        } else {
            ++at;
        }
    }
    finish();
    return parts;
}

std::vector<std::string_view> split(std::string_view pattern) {
    if (pattern.find(',') != std::string_view::npos) return split_at_commas(pattern);
    // Colons may be those of an IPv6 address, or of a port.
    if (parse_address(pattern)) return {pattern};
    return split_at_colons(pattern);
}

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    constexpr std::int64_t limit = 1'000'000'000;
    return value > limit || value < -limit ? std::nullopt : std::optional(value);
}

// What the brackets at the end hold, when it is a subscript and no set of characters.
std::optional<Subscript> read_subscript(std::string_view text) {
    if (const auto single = number(text)) return Subscript{*single, std::nullopt, false};
    const auto parted = text.find_first_of(":-");
    if (parted == std::string_view::npos || parted == 0) return std::nullopt;
    const auto first = number(text.substr(0, parted));
    const auto rest = text.substr(parted + 1);
    if (!first) return std::nullopt;
    if (rest.empty()) return Subscript{*first, std::nullopt, true};
    const auto last = number(rest);
    if (!last || *last < 0) return std::nullopt;
    // An end of 0 counts as none, as in Ansible: [1:0] is the host 1.
    if (*last == 0) return Subscript{*first, std::nullopt, false};
    return Subscript{*first, last, false};
}

PatternPart read_part(std::string_view text) {
    PatternPart part;
    if (text.front() == '&') part.kind = PatternPart::Kind::intersect;
    if (text.front() == '!') part.kind = PatternPart::Kind::exclude;
    if (part.kind != PatternPart::Kind::include) text.remove_prefix(1);
    part.text = part.expression = text;
    if (text.empty() || text.front() == '~' || text.back() != ']') return part;
    const auto open = text.rfind('[');
    if (open == std::string_view::npos || open == 0) return part;
    part.subscript = read_subscript(text.substr(open + 1, text.size() - open - 2));
    if (part.subscript) part.expression = text.substr(0, open);
    return part;
}

}  // namespace

Result<std::vector<PatternPart>> parse_pattern(std::string_view pattern) {
    if (pattern.size() > longest_pattern) return Error{ErrorId::usage_pattern, "it is too long"};
    std::vector<PatternPart> parts;
    for (const auto text : split(pattern)) {
        if (text.empty()) continue;
        parts.push_back(read_part(text));
        if (parts.back().text.empty())
            return Error{ErrorId::usage_pattern, fmt::format("'{}': a name must follow '{}'", pattern, text)};
    }
    if (parts.empty()) return Error{ErrorId::usage_pattern, fmt::format("'{}' names nothing", pattern)};
    std::stable_sort(parts.begin(), parts.end(), [](auto& a, auto& b) { return a.kind < b.kind; });
    if (parts.front().kind != PatternPart::Kind::include) {
        PatternPart everything;
        everything.text = everything.expression = "all";
        parts.insert(parts.begin(), everything);
    }
    return parts;
}

}  // namespace mullion::inventory
