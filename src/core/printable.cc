#include "core/printable.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/utf8.h"

namespace mullion {

bool steers(char32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C || code == 0x200E ||
           code == 0x200F || (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

std::string in_letters(char32_t code) {
    const auto number = static_cast<unsigned>(code);
    return number < 0x100 ? fmt::format("\\x{:02x}", number) : fmt::format("\\u{:04x}", number);
}

std::string in_letters(std::string_view bytes) {
    std::string text;
    for (const char c : bytes) text += in_letters(static_cast<char32_t>(static_cast<unsigned char>(c)));
    return text;
}

std::string one_line(std::string_view text) {
    const auto plain = [](char c) { return c >= 0x20 && c < 0x7F; };
    if (std::all_of(text.begin(), text.end(), plain)) return std::string(text);
    std::string line;
    line.reserve(text.size() + 64);
    while (!text.empty()) {
        const auto character = decode_utf8(text);
        const auto bytes = text.substr(0, character.length);
        if (!character.valid) {
            line += in_letters(bytes);
        } else if (steers(character.code)) {
            line += in_letters(character.code);
        } else {
            line += bytes;
        }
        text.remove_prefix(character.length);
    }
    return line;
}

}  // namespace mullion
