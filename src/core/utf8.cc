#include "core/utf8.h"

#include <cassert>

namespace mullion {
namespace {

// What may follow a lead byte: how many bytes, and the bounds of the first of them.
struct Lead {
    unsigned following;
    unsigned char low;
    unsigned char high;
};

Lead lead_of(unsigned char byte) {
    if (byte >= 0xC2 && byte <= 0xDF) return {1, 0x80, 0xBF};
    if (byte == 0xE0) return {2, 0xA0, 0xBF};
    if (byte == 0xED) return {2, 0x80, 0x9F};  // Above are the surrogates.
    if (byte >= 0xE1 && byte <= 0xEF) return {2, 0x80, 0xBF};
    if (byte == 0xF0) return {3, 0x90, 0xBF};
    if (byte >= 0xF1 && byte <= 0xF3) return {3, 0x80, 0xBF};
    if (byte == 0xF4) return {3, 0x80, 0x8F};
    return {0, 0, 0};
}

}  // namespace

Utf8Character decode_utf8(std::string_view bytes) {
    assert(!bytes.empty());
    const auto first = static_cast<unsigned char>(bytes[0]);
    if (first < 0x80) return {first, 1, true};
    const Lead lead = lead_of(first);
    if (lead.following == 0) return {0, 1, false};
    char32_t code = first & (0x3Fu >> lead.following);
    for (unsigned i = 1; i <= lead.following; ++i) {
        if (i >= bytes.size()) return {0, i, false};
        const auto byte = static_cast<unsigned char>(bytes[i]);
        const unsigned char low = i == 1 ? lead.low : 0x80;
        const unsigned char high = i == 1 ? lead.high : 0xBF;
        if (byte < low || byte > high) return {0, i, false};
        code = (code << 6) | (byte & 0x3Fu);
    }
    return {code, lead.following + 1, true};
}

}  // namespace mullion
