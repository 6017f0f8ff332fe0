#include "checks/check_file/template.h"

#include "checks/conditions/lexer.h"
#include "core/printable.h"

namespace mullion::checks {
namespace {

constexpr std::size_t longest_said = 1024;

}  // namespace

std::string fit(std::string_view said) {
    auto cut = said.substr(0, longest_said);
    // Not in the middle of a character.
    if (cut.size() < said.size())
        while (!cut.empty() && (static_cast<unsigned char>(cut.back()) & 0x80U) != 0) cut.remove_suffix(1);
    auto line = one_line(cut);
    for (char& c : line)
        if (c == '|') c = '/';
    return line;
}

Template::Template(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
        auto name = take_variable(text, at);
        if (name.empty()) {
            plain += text[at++];
            continue;
        }
        if (!plain.empty()) parts_.push_back({false, std::move(plain)});
        plain.clear();
        parts_.push_back({true, std::move(name)});
    }
    if (!plain.empty()) parts_.push_back({false, std::move(plain)});
}

std::string Template::fill(const Lookup& lookup) const {
    std::string text;
    for (const auto& part : parts_) {
        if (!part.name) {
            text += part.text;
            continue;
        }
        if (const auto said = lookup(part.text)) text += fit(*said);
    }
    return text;
}

std::vector<std::string> Template::names() const {
    std::vector<std::string> all;
    for (const auto& part : parts_)
        if (part.name) all.push_back(part.text);
    return all;
}

}  // namespace mullion::checks
