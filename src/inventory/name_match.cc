#include "inventory/name_match.h"

#include <fmt/core.h>
#include <re2/re2.h>

#include <algorithm>

#include "encoding/utf8.h"

namespace mullion::inventory {
namespace {

constexpr std::size_t longest_pattern = 4096;

// A byte that is no UTF-8 stands for itself, above all characters.
std::u32string characters(std::string_view text) {
    std::u32string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const auto next = encoding::decode_utf8(text);
        if (next.valid) {
            result += next.code;
            text.remove_prefix(next.length);
        } else {
            result += static_cast<char32_t>(0x110000 + static_cast<unsigned char>(text.front()));
            text.remove_prefix(1);
        }
    }
    return result;
}

// Where the set that opens at `at` ends (its ']'); npos when '[' is only a character. A ']' that comes first
// belongs to the set.
std::size_t set_end(std::u32string_view glob, std::size_t at) {
    ++at;
    if (at < glob.size() && glob[at] == U'!') ++at;
    if (at < glob.size() && glob[at] == U']') ++at;
    return glob.find(U']', at);
}

bool in_set(std::u32string_view set, char32_t c) {
    const bool inverted = set.front() == U'!';
    if (inverted) set.remove_prefix(1);
    bool found = false;
    for (std::size_t i = 0; i < set.size(); ++i) {
        if (i + 2 < set.size() && set[i + 1] == U'-') {
            found = found || (set[i] <= c && c <= set[i + 2]);
            i += 2;
        } else {
            found = found || set[i] == c;
        }
    }
    return found != inverted;
}

// Matches one element of the glob that is no star. Gives the place behind it, or npos.
std::size_t step(std::u32string_view glob, std::size_t at, char32_t c) {
    if (glob[at] == U'?') return at + 1;
    if (glob[at] == U'[') {
        if (const auto end = set_end(glob, at); end != std::u32string_view::npos)
            return in_set(glob.substr(at + 1, end - at - 1), c) ? end + 1 : std::u32string_view::npos;
    }
    return glob[at] == c ? at + 1 : std::u32string_view::npos;
}

// Only the last star needs to be gone back to, so this takes at most pattern times name steps.
bool glob_matches(std::u32string_view glob, std::u32string_view name) {
    constexpr auto none = std::u32string_view::npos;
    std::size_t at = 0, read = 0, star = none, star_read = 0;
    while (read < name.size()) {
        if (at < glob.size() && glob[at] == U'*') {
            star = at++;
            star_read = read;
            continue;
        }
        const auto next = at < glob.size() ? step(glob, at, name[read]) : none;
        if (next != none) {
            at = next;
            ++read;
        } else if (star != none) {
            at = star + 1;
            read = ++star_read;
        } else {
            return false;
        }
    }
    while (at < glob.size() && glob[at] == U'*') ++at;
    return at == glob.size();
}

Error invalid(std::string_view pattern, std::string_view why) {
    Error error{ErrorId::usage_pattern, fmt::format("'{}': {}", pattern, why)};
    error.advice.emplace_back("Expressions are RE2's: no look-around, no back references.");
    return error;
}

}  // namespace

NameMatch::NameMatch(NameMatch&&) noexcept = default;
NameMatch& NameMatch::operator=(NameMatch&&) noexcept = default;
NameMatch::~NameMatch() = default;

Result<NameMatch> NameMatch::parse(std::string_view pattern) {
    if (pattern.size() > longest_pattern) return Error{ErrorId::usage_pattern, "a part of it is too long"};
    NameMatch match;
    if (pattern.empty() || pattern.front() != '~') {
        match.plain_ = !is_glob(pattern);
        if (match.plain_) {
            match.text_ = pattern;
        } else {
            match.glob_ = characters(pattern);
        }
        return match;
    }
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(8 << 20);
    const auto expression = pattern.substr(1);
    match.expression_ =
        std::make_unique<RE2>(re2::StringPiece(expression.data(), expression.size()), options);
    if (!match.expression_->ok()) return invalid(pattern, match.expression_->error());
    return match;
}

bool NameMatch::matches(std::string_view name) const {
    if (expression_) {
        const re2::StringPiece text(name.data(), name.size());
        return expression_->Match(text, 0, name.size(), RE2::ANCHOR_START, nullptr, 0);
    }
    if (plain_) return name == text_;
    return glob_matches(glob_, characters(name));
}

bool is_glob(std::string_view pattern) {
    return pattern.find_first_of("*?[") != std::string_view::npos;
}

}  // namespace mullion::inventory
