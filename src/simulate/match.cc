#include "simulate/match.h"

#include <algorithm>
#include <cctype>

namespace mullion::simulate {
namespace {

char lower(char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool same(char a, char b) {
    return lower(a) == lower(b);
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;  // Where to go on when what follows the last '*' fails.
    std::size_t star_text = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            star_text = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || same(pattern[p], text[t]))) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++star_text;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::optional<std::vector<std::string>> Match::of(const CommandText& command) const {
    if (of_ == Of::powershell && !command.script) return std::nullopt;
    if (of_ == Of::cmd && command.script) return std::nullopt;
    return of(std::string_view(command.shown()));
}

std::optional<std::vector<std::string>> Match::of(std::string_view whole) const {
    const std::string_view text = trimmed(whole);
    bool found = false;
    switch (how_) {
        case How::anything:
            found = true;
            break;
        case How::exact: {
            const auto wanted = trimmed(text_);
            found = std::equal(wanted.begin(), wanted.end(), text.begin(), text.end(), same);
            break;
        }
        case How::glob:
            found = glob_matches(text_, text);
            break;
        case How::contains:
            found = std::search(text.begin(), text.end(), text_.begin(), text_.end(), same) != text.end() ||
                    text_.empty();
            break;
        case How::regex:
            return regex_->search(text);
    }
    if (!found) return std::nullopt;
    return std::vector<std::string>{std::string(text)};
}

}  // namespace mullion::simulate
