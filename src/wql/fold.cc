#include "wql/fold.h"

#include <algorithm>
#include <cstddef>

#include "encoding/letter_case.h"
#include "encoding/utf8.h"

namespace mullion::wql {
namespace {

constexpr char32_t beyond_unicode = 0x110000;  // Bytes that are no UTF-8 stand behind all characters.

unsigned small(unsigned char byte) {
    return byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte;
}

// How many characters of ASCII both begin with that differ in case at most. Nearly all names are nothing but
// such.
std::size_t same_ascii(std::string_view a, std::string_view b) {
    const std::size_t most = std::min(a.size(), b.size());
    std::size_t at = 0;
    for (; at < most; ++at) {
        const auto one = static_cast<unsigned char>(a[at]), other = static_cast<unsigned char>(b[at]);
        if (one >= 0x80 || other >= 0x80 || (one != other && small(one) != small(other))) break;
    }
    return at;
}

}  // namespace

char32_t fold(char32_t code) {
    return encoding::folded_case(code);
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
    const std::size_t same = same_ascii(a, b);
    a.remove_prefix(same);
    b.remove_prefix(same);
    while (!a.empty() && !b.empty()) {
        const auto one = take_folded(a), other = take_folded(b);
        if (one != other) return one < other ? -1 : 1;
    }
    if (a.empty() && b.empty()) return 0;
    return a.empty() ? -1 : 1;
}

bool same_name(std::string_view a, std::string_view b) {
    return compare_text(a, b) == 0;  // Ⱥ is shorter than ⱥ.
}

}  // namespace mullion::wql
