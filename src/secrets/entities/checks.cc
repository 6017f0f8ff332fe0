#include "secrets/entities/checks.h"

#include <fmt/format.h>

#include "core/printable.h"
#include "core/utf8.h"
#include "secrets/entities/identifier.h"

namespace mullion::secrets {
namespace {

// YAML cannot hold them, in whatever quotes.
bool is_no_character(char32_t code) {
    return code == 0xFEFF || code == 0xFFFE || code == 0xFFFF;
}

bool is_plain(std::string_view text, bool lines) {
    while (!text.empty()) {
        const auto character = decode_utf8(text);
        const bool line_end = lines && (character.code == '\n' || character.code == '\t');
        if (!character.valid || is_no_character(character.code)) return false;
        if (steers(character.code) && !line_end) return false;
        text.remove_prefix(character.length);
    }
    return true;
}

Fault too_long(std::string_view field, std::size_t longest) {
    return {std::string(field), fmt::format("{} is longer than {} bytes", field, longest)};
}

}  // namespace

std::optional<Fault> check_line(std::string_view field, std::string_view text, std::size_t longest) {
    if (text.size() > longest) return too_long(field, longest);
    if (is_plain(text, false)) return {};
    return Fault{std::string(field), fmt::format("{} has a character that is not to be shown: {}", field,
                                                 one_line(text.substr(0, 200)))};
}

std::optional<Fault> check_given(std::string_view field, std::string_view text, std::string_view label,
                                 std::size_t longest) {
    if (text.empty()) return Fault{std::string(field), fmt::format("{} cannot be empty", label)};
    return check_line(field, text, longest);
}

std::optional<Fault> check_lines(std::string_view field, std::string_view text, std::size_t longest) {
    if (text.size() > longest) return too_long(field, longest);
    if (is_plain(text, true)) return {};
    return Fault{std::string(field), fmt::format("{} has a character that is not to be shown", field)};
}

std::optional<Fault> check_words(std::string_view field, const std::vector<std::string>& words,
                                 std::size_t most) {
    if (words.size() > most)
        return Fault{std::string(field), fmt::format("{} has more than {} items", field, most)};
    for (const auto& word : words) MULLION_CHECK(check_given(field, word, field));
    return {};
}

std::optional<Fault> check_pairs(std::string_view field, const std::map<std::string, std::string>& pairs,
                                 std::size_t most) {
    if (pairs.size() > most)
        return Fault{std::string(field), fmt::format("{} has more than {} keys", field, most)};
    for (const auto& [key, value] : pairs) {
        MULLION_CHECK(check_given(field, key, fmt::format("a key of {}", field), 128));
        MULLION_CHECK(check_line(field, value));
    }
    return {};
}

std::optional<Fault> check_reference(std::string_view field, const Reference& reference,
                                     std::string_view empty) {
    if (reference.id.empty()) return Fault{std::string(field), std::string(empty)};
    if (auto good = check_identifier(reference.id); !good.ok())
        return Fault{std::string(field), good.error().detail};
    return {};
}

std::optional<Fault> check_path(std::string_view field, std::string_view path, std::string_view label) {
    MULLION_CHECK(check_given(field, path, label, 4096));
    if (path.front() == '/') return {};
    return Fault{std::string(field),
                 fmt::format("{} is the absolute path of a file on the machine that uses it", label)};
}

}  // namespace mullion::secrets
