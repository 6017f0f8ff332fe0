#include "wql/fold.h"

#include "encoding/utf8.h"

namespace mullion::wql {
namespace {

constexpr char32_t beyond_unicode = 0x110000;  // Bytes that are no UTF-8 stand behind all characters.

bool within(char32_t code, char32_t first, char32_t last) {
    return code >= first && code <= last;
}

// Blocks in which a capital stands right before its small letter.
char32_t fold_pairs(char32_t code) {
    const bool even_capitals = within(code, 0x100, 0x12F) || within(code, 0x132, 0x137) ||
                               within(code, 0x14A, 0x177) || within(code, 0x460, 0x481) ||
                               within(code, 0x48A, 0x4BF) || within(code, 0x4D0, 0x52F) ||
                               within(code, 0x1E00, 0x1E95) || within(code, 0x1EA0, 0x1EFF);
    if (even_capitals) return code | 1;
    const bool odd_capitals = within(code, 0x139, 0x148) || within(code, 0x179, 0x17E);
    if (odd_capitals && code % 2 == 1) return code + 1;
    return code;
}

}  // namespace

char32_t fold(char32_t code) {
    if (within(code, 'A', 'Z')) return code + 0x20;
    if (code < 0x80) return code;
    if (within(code, 0xC0, 0xDE) && code != 0xD7) return code + 0x20;
    if (code == 0x178) return 0xFF;
    if (within(code, 0x391, 0x3AB) && code != 0x3A2) return code + 0x20;
    if (within(code, 0x410, 0x42F)) return code + 0x20;
    if (within(code, 0x400, 0x40F)) return code + 0x50;
    if (within(code, 0x531, 0x556)) return code + 0x30;
    return fold_pairs(code);
}

char32_t take_folded(std::string_view& text) {
    const auto character = encoding::decode_utf8(text);
    if (!character.valid) {
        const auto byte = static_cast<unsigned char>(text.front());
        text.remove_prefix(1);
        return beyond_unicode + byte;
    }
    text.remove_prefix(character.length);
    return fold(character.code);
}

int compare_text(std::string_view a, std::string_view b) {
    while (!a.empty() && !b.empty()) {
        const auto one = take_folded(a), other = take_folded(b);
        if (one != other) return one < other ? -1 : 1;
    }
    if (a.empty() && b.empty()) return 0;
    return a.empty() ? -1 : 1;
}

bool same_name(std::string_view a, std::string_view b) {
    return a.size() == b.size() && compare_text(a, b) == 0;
}

}  // namespace mullion::wql
