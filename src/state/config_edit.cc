// Changes lines of a file that is somebody's. Each step changes one thing and reads the text anew, so that
// its lines are right for the next; at the end it must say what was wanted, and nothing else.
#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include "http/message.h"
#include "state/config_file.h"
#include "state/config_write.h"
#include "state/settings_table.h"
#include "yaml/yaml.h"

namespace mullion::state {
namespace {

using yaml::Node;

// Counted from 0, each with its end.
class Lines {
public:
    explicit Lines(std::string_view text) {
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
            lines_.emplace_back(text.substr(0, end));
            text.remove_prefix(end);
        }
        if (!lines_.empty() && lines_.back().back() != '\n') lines_.back() += '\n';
    }
    [[nodiscard]] std::size_t count() const { return lines_.size(); }
    std::string& operator[](std::size_t at) { return lines_[at]; }
    void insert(std::size_t at, std::string text) {
        lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(at), std::move(text));
    }
    void erase(std::size_t from, std::size_t to) {
        const auto begin = lines_.begin();
        lines_.erase(begin + static_cast<std::ptrdiff_t>(from), begin + static_cast<std::ptrdiff_t>(to));
    }
    [[nodiscard]] bool says_something(std::size_t at) const {
        const auto first = lines_[at].find_first_not_of(" \t\r\n");
        return first != std::string::npos && lines_[at][first] != '#';
    }
    [[nodiscard]] std::string indent(std::size_t at) const {
        return lines_[at].substr(0, std::min(lines_[at].find_first_not_of(' '), lines_[at].size()));
    }
    [[nodiscard]] std::string text() const {
        std::string all;
        for (const auto& line : lines_) all += line;
        return all;
    }

private:
    std::vector<std::string> lines_;
};

bool same_path(std::string_view a, std::string_view b) {
    const Setting* setting = find_setting(a);
    return setting != nullptr && setting->path() == b;
}

bool begins_with(std::string_view path, std::string_view group) {
    return path.size() > group.size() && path[group.size()] == '/' &&
           http::same_without_case(path.substr(0, group.size()), group);
}

// Where a setting is written, and the innermost of its sections that is there.
struct Place {
    const Node::Entry* entry = nullptr;
    const Node::Entry* section = nullptr;
    std::string section_path;
};

void find_place(const std::vector<Node::Entry>& entries, const std::string& above, std::string_view path,
                Place& place) {
    for (const auto& entry : entries) {
        const auto here = above.empty() ? entry.key : above + "/" + entry.key;
        if (same_path(here, path)) place.entry = &entry;
        if (place.entry != nullptr) return;
        if (!begins_with(path, here)) continue;
        place.section = &entry;
        place.section_path = here;
        find_place(entry.value.map, here, path, place);
    }
}

// The text behind the key of a line: where it begins and ends, without a comment.
std::optional<std::pair<std::size_t, std::size_t>> value_in(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto begin = line.find_first_not_of(" \t", colon + 1);
    if (begin == std::string_view::npos || line[begin] == '\n' || line[begin] == '\r') return std::nullopt;
    std::size_t end = begin;
    if (line[begin] == '"' || line[begin] == '\'') {
        end = line.find(line[begin], begin + 1);
        if (end == std::string_view::npos) return std::nullopt;
        return std::pair(begin, end + 1);
    }
    const auto comment = line.find(" #", begin);
    end = line.find_last_not_of(" \t\r\n", std::min(comment, line.size() - 1));
    return std::pair(begin, end + 1);
}

void set_value(Lines& lines, const Node& root, std::string_view path, std::string_view text) {
    Place place;
    find_place(root.map, {}, path, place);
    const auto scalar = value_scalar(path, text);
    if (place.entry != nullptr) {
        auto& line = lines[place.entry->line - 1];
        if (const auto at = value_in(line)) line.replace(at->first, at->second - at->first, scalar);
        return;
    }
    std::string indent;
    std::size_t at = lines.count();
    std::string_view rest = path;
    if (place.section != nullptr) {
        at = place.section->line;
        const auto& map = place.section->value.map;
        indent = map.empty() ? lines.indent(at - 1) + "  " : lines.indent(map.front().line - 1);
        if (!map.empty()) at = map.front().line - 1;
        rest.remove_prefix(place.section_path.size() + 1);
    }
    std::string made;
    for (; rest.find('/') != std::string_view::npos; indent += "  ") {
        const auto slash = rest.find('/');
        made += fmt::format("{}{}:\n", indent, rest.substr(0, slash));
        rest.remove_prefix(slash + 1);
    }
    lines.insert(at, made + fmt::format("{}{}: {}\n", indent, rest, scalar));
}

void remove_value(Lines& lines, const Node& root, std::string_view path) {
    Place place;
    find_place(root.map, {}, path, place);
    if (place.entry != nullptr) lines.erase(place.entry->line - 1, place.entry->line);
}

const Node::Entry* find_list(const Node& root, std::string_view key) {
    for (const auto& entry : root.map)
        if (http::same_without_case(entry.key, key)) return &entry;
    return nullptr;
}

// The lines of one item: up to the next one, or to what stands behind the list, without the comments there.
std::pair<std::size_t, std::size_t> item_lines(Lines& lines, const Node& root, const Node::Entry& list,
                                               std::size_t index) {
    const std::size_t begin = list.value.list[index].line - 1;
    std::size_t end = lines.count();
    if (index + 1 < list.value.list.size()) end = list.value.list[index + 1].line - 1;
    for (const auto& entry : root.map)
        if (entry.line > list.line) end = std::min<std::size_t>(end, entry.line - 1);
    while (end > begin + 1 && !lines.says_something(end - 1)) --end;
    return {begin, end};
}

// Makes a list of the file say `wanted`: one change at a time, `again` tells that there may be more.
template <class Instance>
struct ListEdit {
    std::string_view key;
    const std::vector<Instance>& now;
    const std::vector<Instance>& wanted;

    static auto find(const std::vector<Instance>& in, const Instance& one) {
        return std::find_if(in.begin(), in.end(), [&](const auto& other) { return same_key(other, one); });
    }

    // False: there is nothing to do.
    bool step(Lines& lines, const Node& root) const {
        const auto* list = find_list(root, key);
        for (std::size_t i = 0; i < now.size(); ++i) {
            const auto same = find(wanted, now[i]);
            if (same != wanted.end() && *same == now[i]) continue;
            const auto [begin, end] = item_lines(lines, root, *list, i);
            const auto indent = lines.indent(begin);
            lines.erase(begin, end);
            if (same != wanted.end()) lines.insert(begin, item_text(item_pairs(*same), indent));
            if (same == wanted.end() && now.size() == 1) lines[list->line - 1] = fmt::format("{}: []\n", key);
            return true;
        }
        for (const auto& one : wanted) {
            if (find(now, one) != now.end()) continue;
            add(lines, root, list, one);
            return true;
        }
        return false;
    }

    void add(Lines& lines, const Node& root, const Node::Entry* list, const Instance& one) const {
        if (list == nullptr) {
            lines.insert(lines.count(), fmt::format("{}:\n{}", key, item_text(item_pairs(one), "  ")));
        } else if (now.empty()) {
            lines[list->line - 1] = fmt::format("{}:\n{}", key, item_text(item_pairs(one), "  "));
        } else {
            const auto [begin, end] = item_lines(lines, root, *list, now.size() - 1);
            lines.insert(end, item_text(item_pairs(one), lines.indent(begin)));
        }
    }
};

// One change; false where the file says what is wanted, or cannot be brought to it.
bool step(Lines& lines, const Node& root, const ConfigLayer& now, const ConfigLayer& wanted) {
    for (const auto& [path, text] : wanted.values) {
        const auto found = now.values.find(path);
        if (found != now.values.end() && found->second == text) continue;
        set_value(lines, root, path, text);
        return true;
    }
    for (const auto& [path, text] : now.values) {
        if (wanted.values.contains(path)) continue;
        remove_value(lines, root, path);
        return true;
    }
    const std::vector<ListenerSettings> none;
    const auto& listeners = now.listeners ? *now.listeners : none;
    const ListEdit<ListenerSettings> edit{"Listener", listeners, wanted.listeners ? *wanted.listeners : none};
    if (edit.step(lines, root)) return true;
    if (wanted.listeners && !now.listeners) {  // None at all, and said so.
        if (const auto* list = find_list(root, "Listener"))
            lines[list->line - 1] = "Listener: []\n";
        else
            lines.insert(lines.count(), "Listener: []\n");
        return true;
    }
    return ListEdit<CertificateMapping>{"CertMapping", now.mappings, wanted.mappings}.step(lines, root) ||
           ListEdit<SecurityEntry>{"Security", now.security, wanted.security}.step(lines, root);
}

// In no order: where it stands in the file does not matter.
bool says_the_same(const ConfigLayer& a, const ConfigLayer& b) {
    const auto same_set = [](const auto& x, const auto& y) {
        return std::is_permutation(x.begin(), x.end(), y.begin(), y.end());
    };
    if (a.values != b.values || a.listeners.has_value() != b.listeners.has_value()) return false;
    return (!a.listeners || same_set(*a.listeners, *b.listeners)) && same_set(a.mappings, b.mappings) &&
           same_set(a.security, b.security) && same_set(a.groups, b.groups) &&
           a.use_login_shell == b.use_login_shell;
}

std::size_t differences(const ConfigLayer& a, const ConfigLayer& b) {
    const auto listeners = [](const ConfigLayer& one) { return one.listeners ? one.listeners->size() : 0; };
    return a.values.size() + b.values.size() + listeners(a) + listeners(b) + a.mappings.size() +
           b.mappings.size() + a.security.size() + b.security.size() + 2;
}

std::string written_anew(std::string_view text, const ConfigLayer& wanted) {
    Lines lines(text);
    std::string out;
    for (std::size_t i = 0; i < lines.count(); ++i) {
        const auto first = lines[i].find_first_not_of(" \t");
        if (first != std::string::npos && lines[i][first] == '#') out += lines[i].substr(first);
    }
    return out + layer_yaml(wanted);
}

}  // namespace

Result<std::string> edit_layer(std::string_view yaml_text, const ConfigLayer& wanted) {
    MULLION_ASSIGN(const ConfigLayer before, read_layer(yaml_text));
    if (says_the_same(before, wanted)) return std::string(yaml_text);
    std::string text(yaml_text);
    for (auto left = differences(before, wanted); left != 0; --left) {
        const auto now = read_layer(text);
        const auto root = yaml::read(text);
        if (!now.ok() || !root.ok()) break;
        if (says_the_same(*now, wanted)) return text;
        Lines lines(text);
        if (!step(lines, *root, *now, wanted)) break;
        text = lines.text();
    }
    const auto now = read_layer(text);
    if (now.ok() && says_the_same(*now, wanted)) return text;
    return written_anew(yaml_text, wanted);
}

}  // namespace mullion::state
