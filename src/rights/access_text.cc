#include "rights/access_text.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/nearest.h"
#include "core/printable.h"
#include "rights/sddl.h"

namespace mullion::rights {
namespace {

constexpr std::string_view blanks = " \t\r";
constexpr std::string_view denial = "deny ";
constexpr std::size_t longest_line = 1024;
constexpr std::size_t longest_quoted = 80;

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// What stands before the first mark, which is taken off the text along with it.
std::string_view cut(std::string_view& text, char mark) {
    const auto end = std::min(text.find(mark), text.size());
    const auto front = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return front;
}

bool begins_with_denial(std::string_view text) {
    const auto front = text.substr(0, denial.size());
    return std::equal(front.begin(), front.end(), denial.begin(), denial.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? a | 0x20 : a) == b || (b == ' ' && a == '\t');
    });
}

AccessTextFault fault(std::string_view what, std::string_view shown) {
    return {1, std::string(what) + " \"" + one_line(shown.substr(0, longest_quoted)) + '"'};
}

bool is_plain(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// A word, or what write_mask writes where no word says it.
std::optional<AccessMask> one_right(std::string_view word) {
    if (const auto named = right_named(word)) return named;
    if (word.empty() || !std::all_of(word.begin(), word.end(), is_plain)) return std::nullopt;
    const auto read = parse_sddl("D:(A;;" + std::string(word) + ";;;WD)");
    const auto* descriptor = std::get_if<Descriptor>(&read);
    if (descriptor == nullptr || descriptor->dacl->aces[0].mask == 0) return std::nullopt;
    return descriptor->dacl->aces[0].mask;
}

std::variant<AccessMask, AccessTextFault> all_rights(std::string_view words) {
    AccessMask mask = 0;
    if (trimmed(words).empty())
        return AccessTextFault{
            1, "no right after the colon; to take the rights away, take the line away as a whole"};
    while (true) {
        const bool last = words.find(',') == std::string_view::npos;
        const auto word = trimmed(cut(words, ','));
        const auto right = one_right(word);
        if (!right) {
            auto out = fault("Full, Read, Write or Execute is wanted, and not", word);
            const auto near = nearest(word, {"Full", "Read", "Write", "Execute"});
            if (!near.empty()) out.what += "; did you mean " + std::string(near) + '?';
            return out;
        }
        mask |= *right;
        if (last) return mask;
    }
}

// Entries that a line can say: of this object itself, of all of it, and its own.
bool is_shown(const Ace& ace) {
    return (ace.type == AceType::A || ace.type == AceType::D) && !ace.has(inherit_only) &&
           !ace.has(inherited) && ace.mask != 0;
}

bool is_of(const Ace& ace, const AccessLine& line) {
    return is_shown(ace) && ace.type == line.type && ace.sid == line.sid;
}

AccessLine* find_line(std::vector<AccessLine>& lines, AceType type, const Sid& sid) {
    const auto found = std::find_if(lines.begin(), lines.end(),
                                    [&](const auto& line) { return line.type == type && line.sid == sid; });
    return found == lines.end() ? nullptr : &*found;
}

std::vector<AccessLine> lines_of(const Descriptor& descriptor) {
    std::vector<AccessLine> out;
    if (!descriptor.dacl) return out;
    for (const auto& ace : descriptor.dacl->aces) {
        if (!is_shown(ace)) continue;
        if (auto* line = find_line(out, ace.type, ace.sid))
            line->mask |= ace.mask;
        else
            out.push_back({ace.type, ace.sid, ace.mask});
    }
    return out;
}

std::variant<std::vector<AccessLine>, AccessTextFault> read_lines(std::string_view text, const Names& names) {
    std::vector<AccessLine> out;
    for (unsigned number = 1; !text.empty(); ++number) {
        const auto line = trimmed(cut(text, '\n'));
        if (line.empty() || line.front() == '#') continue;
        auto read = parse_access_line(line, names);
        if (auto* wrong = std::get_if<AccessTextFault>(&read))
            return AccessTextFault{number, std::move(wrong->what)};
        const auto& said = std::get<AccessLine>(read);
        if (find_line(out, said.type, said.sid) != nullptr)
            return AccessTextFault{number, "there is already a line for " + trustee_name(said.sid, names)};
        if (out.size() == SddlLimits{}.aces) return AccessTextFault{number, "these are too many"};
        out.push_back(said);
    }
    return out;
}

// The first of its entries gets the rights, and further ones go; without any a new one is made.
void put(std::vector<Ace>& aces, const AccessLine& line) {
    const auto first =
        std::find_if(aces.begin(), aces.end(), [&](const Ace& ace) { return is_of(ace, line); });
    if (first != aces.end()) {
        first->mask = line.mask;
        aces.erase(std::remove_if(first + 1, aces.end(), [&](const Ace& ace) { return is_of(ace, line); }),
                   aces.end());
        return;
    }
    const auto behind = std::find_if(aces.begin(), aces.end(), [&](const Ace& ace) {
        return ace.has(inherited) || (line.type == AceType::D && ace.type != AceType::D);
    });
    aces.insert(behind, Ace{line.type, 0, line.mask, {}, {}, line.sid});
}

bool same_rights(AccessMask a, AccessMask b, const GenericMapping& mapping) {
    return map_generic(a, mapping) == map_generic(b, mapping);
}

}  // namespace

std::variant<AccessLine, AccessTextFault> parse_access_line(std::string_view text, const Names& names) {
    text = trimmed(text);
    if (text.size() > longest_line) return AccessTextFault{1, "the line is too long"};
    AccessLine out;
    if (begins_with_denial(text)) {
        out.type = AceType::D;
        text = trimmed(text.substr(denial.size()));
    }
    // The last one: the names of accounts have none, and rights have none either.
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return fault("NAME: RIGHTS is wanted, and not", text);
    const auto name = trimmed(text.substr(0, colon));
    const auto sid = find_trustee(name, names);
    if (!sid) return fault("there is no group or account", name);
    out.sid = *sid;
    const auto rights = all_rights(text.substr(colon + 1));
    if (const auto* wrong = std::get_if<AccessTextFault>(&rights)) return *wrong;
    out.mask = std::get<AccessMask>(rights);
    return out;
}

std::string write_access_text(const Descriptor& descriptor, const Names& names) {
    std::string out;
    for (const auto& line : lines_of(descriptor)) {
        auto name = trustee_name(line.sid, names);
        // What the reader would take for something else is written as a number.
        if (begins_with_denial(name) || name != trimmed(name) || name.front() == '#' ||
            one_line(name) != name || name.size() + denial.size() > longest_line / 2)
            name = line.sid.text();
        if (line.type == AceType::D) out += denial;
        out += name + ": " + right_names(line.mask) + '\n';
    }
    return out;
}

std::variant<Edited, EditFault, AccessTextFault> apply_access_text(const Descriptor& descriptor,
                                                                   std::string_view text, const Names& names,
                                                                   const GenericMapping& mapping) {
    if (!descriptor.dacl || descriptor.dacl->null) return EditFault::no_dacl;
    auto read = read_lines(text, names);
    if (auto* wrong = std::get_if<AccessTextFault>(&read)) return std::move(*wrong);
    auto& said = std::get<std::vector<AccessLine>>(read);
    auto before = lines_of(descriptor);

    Descriptor edited = descriptor;
    auto& aces = edited.dacl->aces;
    for (const auto& line : before) {
        if (find_line(said, line.type, line.sid) == nullptr)
            std::erase_if(aces, [&](const Ace& ace) { return is_of(ace, line); });
    }
    for (const auto& line : said) {
        const auto* old = find_line(before, line.type, line.sid);
        if (old == nullptr || !same_rights(old->mask, line.mask, mapping)) put(aces, line);
    }
    auto finished = finish_edit(std::move(edited), descriptor, mapping);
    if (const auto* refused = std::get_if<EditFault>(&finished)) return *refused;
    return std::get<Edited>(std::move(finished));
}

}  // namespace mullion::rights
