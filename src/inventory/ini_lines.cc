#include "inventory/ini_lines.h"

#include <algorithm>

#include "inventory/python_scalars.h"

namespace mullion::inventory {
namespace {

bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= '\x1c' && c <= '\x1f');
}

// Length of the line break at `at`; 0 where there is none.
std::size_t break_length(std::string_view text, std::size_t at) {
    const char c = text[at];
    if (c == '\r') return text.substr(at, 2) == "\r\n" ? 2 : 1;
    if (c == '\n' || c == '\v' || c == '\f' || (c >= '\x1c' && c <= '\x1e')) return 1;
    if (text.substr(at, 2) == "\xc2\x85") return 2;  // U+0085
    const auto three = text.substr(at, 3);           // U+2028, U+2029
    return three == "\xe2\x80\xa8" || three == "\xe2\x80\xa9" ? 3 : 0;
}

// Nothing follows but white space and a comment.
bool ends(std::string_view rest) {
    rest = trim(rest);
    return rest.empty() || rest.front() == '#';
}

// Length of a group's name at the start.
std::size_t name_length(std::string_view text) {
    const auto end =
        std::find_if(text.begin(), text.end(), [](char c) { return c == ':' || c == ']' || is_blank(c); });
    return static_cast<std::size_t>(end - text.begin());
}

}  // namespace

std::vector<std::string_view> ini_lines(std::string_view text) {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    if (text.substr(0, mark.size()) == mark) text.remove_prefix(mark.size());
    std::vector<std::string_view> lines;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto length = break_length(text, at);
        if (length == 0) {
            ++at;
            continue;
        }
        lines.push_back(text.substr(begin, at - begin));
        at += length;
        begin = at;
    }
    if (begin < text.size()) lines.push_back(text.substr(begin));
    return lines;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

std::optional<SectionHeader> section_header(std::string_view line) {
    if (line.empty() || line.front() != '[') return std::nullopt;
    line.remove_prefix(1);
    SectionHeader header{line.substr(0, name_length(line)), {}};
    if (header.group.empty()) return std::nullopt;
    line.remove_prefix(header.group.size());
    if (!line.empty() && line.front() == ':') {
        line.remove_prefix(1);
        const auto end = std::find_if(line.begin(), line.end(), [](char c) { return !is_python_word(c); });
        header.kind = line.substr(0, static_cast<std::size_t>(end - line.begin()));
        if (header.kind.empty()) return std::nullopt;
        line.remove_prefix(header.kind.size());
    }
    if (line.empty() || line.front() != ']' || !ends(line.substr(1))) return std::nullopt;
    return header;
}

std::optional<std::string_view> child_name(std::string_view line) {
    const auto name = line.substr(0, name_length(line));
    if (name.empty() || !ends(line.substr(name.size()))) return std::nullopt;
    return name;
}

}  // namespace mullion::inventory
