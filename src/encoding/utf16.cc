#include "encoding/utf16.h"

#include <algorithm>

#include <cstdint>
#include <cstring>

#include "encoding/utf8.h"

namespace mullion::encoding {
namespace {

// How many bytes from the front are ASCII, in steps of eight: most text is, so the rest may be slow.
std::size_t ascii_run(std::string_view bytes) {
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, 8);
        if ((word & 0x8080808080808080u) != 0) break;
    }
    return at;
}

void append_unit(std::string& out, unsigned unit, ByteOrder order) {
    const char low = static_cast<char>(unit & 0xFF);
    const char high = static_cast<char>(unit >> 8);
    out += order == ByteOrder::little ? low : high;
    out += order == ByteOrder::little ? high : low;
}

unsigned unit_at(std::string_view bytes, std::size_t at, ByteOrder order) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return order == ByteOrder::little ? first | (second << 8) : second | (first << 8);
}

bool is_high_surrogate(unsigned unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low_surrogate(unsigned unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        bytes.remove_prefix(ascii_run(bytes));
        // Up to here it was ASCII; then character by character until the next eight could be again.
        for (int i = 0; i < 8 && !bytes.empty(); ++i) {
            const Utf8Character character = decode_utf8(bytes);
            if (!character.valid) return false;
            bytes.remove_prefix(character.length);
        }
    }
    return true;
}

std::optional<std::string> utf8_to_utf16(std::string_view text, ByteOrder order) {
    std::string out;
    out.reserve(text.size() * 2);
    while (!text.empty()) {
        const Utf8Character character = decode_utf8(text);
        if (!character.valid) return std::nullopt;
        if (character.code < 0x10000) {
            append_unit(out, character.code, order);
        } else {
            const unsigned offset = character.code - 0x10000;
            append_unit(out, 0xD800 + (offset >> 10), order);
            append_unit(out, 0xDC00 + (offset & 0x3FF), order);
        }
        text.remove_prefix(character.length);
    }
    return out;
}

std::optional<std::string> utf16_to_utf8(std::string_view bytes, ByteOrder order) {
    if (bytes.size() % 2 != 0) return std::nullopt;
    std::string out;
    // What may be a password does not grow: that would leave a copy behind.
    out.reserve(bytes.size() <= 4096 ? bytes.size() / 2 * 3 : bytes.size() / 2);
    for (std::size_t at = 0; at < bytes.size(); at += 2) {
        const unsigned unit = unit_at(bytes, at, order);
        if (is_low_surrogate(unit)) return std::nullopt;
        if (!is_high_surrogate(unit)) {
            append_utf8(out, unit);
            continue;
        }
        at += 2;
        if (at == bytes.size()) return std::nullopt;
        const unsigned second = unit_at(bytes, at, order);
        if (!is_low_surrogate(second)) return std::nullopt;
        append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00));
    }
    return out;
}

std::string to_valid_utf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    while (true) {
        const auto ascii = std::find_if(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) != 0; });
        out.append(bytes.begin(), ascii);
        bytes.remove_prefix(static_cast<std::size_t>(ascii - bytes.begin()));
        if (bytes.empty()) return out;
        const Utf8Character character = decode_utf8(bytes);
        if (character.valid) {
            out += bytes.substr(0, character.length);
        } else {
            out += "\xEF\xBF\xBD";
        }
        bytes.remove_prefix(character.length);
    }
}

}  // namespace mullion::encoding
