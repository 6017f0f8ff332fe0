#include "encoding/utf8.h"

#include <cassert>

namespace mullion::encoding {

void append_utf8(std::string& out, char32_t code) {
    assert(code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF));
    const auto tail = [code](unsigned shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | (code >> 6));
        out += tail(0);
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0 | (code >> 12));
        out += tail(6);
        out += tail(0);
    } else {
        out += static_cast<char>(0xF0 | (code >> 18));
        out += tail(12);
        out += tail(6);
        out += tail(0);
    }
}

}  // namespace mullion::encoding
