#include "recordings/form.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "wsman/envelope.h"

namespace mullion::recordings {

namespace {

constexpr std::size_t largest_message = 16 * 1024 * 1024;

// One line of xml::canonical(): an element with its attributes and its text.
struct Line {
    std::size_t indent = 0;
    std::string name;  // {namespace}local; empty for text among elements.
    std::vector<std::pair<std::string, std::string>> attributes;
    std::optional<std::string> text;

    [[nodiscard]] bool is(std::string_view space, std::string_view local) const {
        return name == "{" + std::string(space) + "}" + std::string(local);
    }
};

std::string_view trim(std::string_view text) {
    // Line ends are written as references there.
    for (bool again = true; again;) {
        again = false;
        for (const std::string_view blank :
             {" ", "\t", "&#10;", "&#9;", "&#13;", "&#xA;", "&#x9;", "&#xD;"}) {
            if (text.starts_with(blank)) text.remove_prefix(blank.size()), again = true;
            if (text.ends_with(blank)) text.remove_suffix(blank.size()), again = true;
        }
    }
    return text;
}

std::string lower(std::string text) {
    for (auto& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

Line parse_line(std::string_view text) {
    Line line;
    line.indent = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(line.indent);
    if (!text.starts_with('"')) {
        // A namespace is in braces and may hold anything but a closing one.
        const auto from = text.starts_with('{') ? text.find('}') : 0;
        const auto end = std::min(text.find(' ', from), text.size());
        line.name = text.substr(0, end);
        text.remove_prefix(end);
        while (text.starts_with(" @")) {
            const auto equals = text.find("=\"");
            const auto close = text.find('"', equals + 2);
            line.attributes.emplace_back(text.substr(2, equals - 2),
                                         text.substr(equals + 2, close - equals - 2));
            text.remove_prefix(close + 1);
        }
        if (text.starts_with(' ')) text.remove_prefix(1);
    }
    if (text.size() >= 2) line.text = std::string(trim(text.substr(1, text.size() - 2)));
    return line;
}

std::string print_line(const Line& line) {
    std::string out(line.indent, ' ');
    out += line.name;
    for (const auto& [name, value] : line.attributes) out += " @" + name + "=\"" + value + "\"";
    if (line.text && !line.text->empty()) out += " \"" + *line.text + "\"";
    return out;
}

std::vector<Line> parse_lines(std::string_view text) {
    std::vector<Line> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        lines.push_back(parse_line(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

// A line with those below it that are deeper: one header.
using Block = std::vector<Line>;

std::vector<Block> blocks(const std::vector<Line>& lines, std::size_t begin, std::size_t end) {
    std::vector<Block> found;
    for (auto at = begin; at < end; ++at) {
        if (found.empty() || lines[at].indent <= lines[begin].indent) found.emplace_back();
        found.back().push_back(lines[at]);
    }
    return found;
}

void sort_headers(std::vector<Line>& lines) {
    const auto header = std::find_if(lines.begin(), lines.end(),
                                     [](const Line& line) { return line.is(wsman::ns::soap, "Header"); });
    if (header == lines.end()) return;
    const auto end = std::find_if(header + 1, lines.end(),
                                  [&](const Line& line) { return line.indent <= header->indent; });
    const auto begin = static_cast<std::size_t>(header + 1 - lines.begin());
    auto headers = blocks(lines, begin, static_cast<std::size_t>(end - lines.begin()));
    std::erase_if(headers, [](const Block& b) { return b.front().is(wsman::ns::wsmv, "ActivityId"); });
    std::sort(headers.begin(), headers.end(),
              [](const Block& a, const Block& b) { return print_line(a.front()) < print_line(b.front()); });
    std::vector<Line> sorted(lines.begin(), header + 1);
    for (const auto& block : headers) sorted.insert(sorted.end(), block.begin(), block.end());
    sorted.insert(sorted.end(), end, lines.end());
    lines = std::move(sorted);
}

bool is_boolean(std::string_view text) {
    return lower(std::string(text)) == "true" || lower(std::string(text)) == "false";
}

void spell_alike(Line& line) {
    if (line.is(wsman::ns::wsman, "Option") && line.text && is_boolean(*line.text))
        line.text = lower(*line.text);
    for (auto& [name, value] : line.attributes)
        if (is_boolean(value)) value = lower(value);
    std::erase(line.attributes, std::pair<std::string, std::string>("End", "false"));
    if (line.text && line.text->empty()) line.text.reset();
}

// <rsp:Shell><rsp:Name>x</rsp:Name> of a request to <rsp:Shell Name="x">. Answers have a ShellId child, which
// requests do not, and keep their Name.
void name_as_attribute(std::vector<Line>& lines) {
    const auto shell = std::find_if(lines.begin(), lines.end(),
                                    [](const Line& line) { return line.is(wsman::ns::shell, "Shell"); });
    if (shell == lines.end()) return;
    const auto answer =
        std::any_of(shell, lines.end(), [](const Line& l) { return l.is(wsman::ns::shell, "ShellId"); });
    const auto name =
        std::find_if(shell, lines.end(), [](const Line& l) { return l.is(wsman::ns::shell, "Name"); });
    if (answer || name == lines.end()) return;
    shell->attributes.emplace_back("Name", name->text.value_or(""));
    lines.erase(name);
}

Result<std::vector<Line>> lines_of(std::string_view message) {
    MULLION_ASSIGN(const auto document, xml::Document::parse(message, wsman::wire_limits(largest_message)));
    auto lines = parse_lines(xml::canonical(document.root()));
    for (auto& line : lines) spell_alike(line);
    name_as_attribute(lines);
    sort_headers(lines);
    return lines;
}

// Elements and attributes whose values are words of the protocol.
bool is_vocabulary(const Line& line) {
    for (const auto local : {"Action", "ReplyTo", "To"})
        if (line.is(wsman::ns::addressing, local)) return true;
    return line.is(wsman::ns::soap, "Value") || line.is(wsman::ns::wsman, "FaultDetail") ||
           line.is(wsman::ns::shell, "InputStreams") || line.is(wsman::ns::shell, "OutputStreams");
}

bool is_vocabulary(std::string_view attribute) {
    static const std::set<std::string_view> names = {"Name", "State", "Code", "End"};
    return names.contains(attribute);
}

}  // namespace

Result<std::vector<std::string>> canonical_lines(std::string_view message) {
    MULLION_ASSIGN(const auto lines, lines_of(message));
    std::vector<std::string> out;
    for (const auto& line : lines) out.push_back(print_line(line));
    return out;
}

Result<std::vector<std::string>> form_lines(std::string_view message) {
    MULLION_ASSIGN(auto lines, lines_of(message));
    std::vector<std::string> out;
    for (auto& line : lines) {
        if (!is_vocabulary(line)) line.text.reset();
        for (auto& [name, value] : line.attributes)
            if (!is_vocabulary(name)) value = "…";
        auto printed = print_line(line);
        if (std::find(out.begin(), out.end(), printed) == out.end()) out.push_back(std::move(printed));
    }
    return out;
}

std::string first_difference(const std::vector<std::string>& recorded, const std::vector<std::string>& ours) {
    const auto [theirs, mine] = std::mismatch(recorded.begin(), recorded.end(), ours.begin(), ours.end());
    if (theirs == recorded.end() && mine == ours.end()) return {};
    const auto shown = [](auto at, auto end) {
        if (at == end) return std::string("(end)");
        const auto text = at->substr(at->find_first_not_of(' '));
        return text.size() > 160 ? text.substr(0, 160) + "…" : text;
    };
    return "recorded " + shown(theirs, recorded.end()) + "\n          ours     " + shown(mine, ours.end());
}

}  // namespace mullion::recordings
