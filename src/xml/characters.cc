#include "xml/characters.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "encoding/utf8.h"

namespace mullion::xml {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

// NameStartChar beyond ASCII, and what NameChar adds there.
constexpr Range name_start[] = {{0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},    {0x370, 0x37D},
                                {0x37F, 0x1FFF},  {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF},
                                {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}};
constexpr Range name_more[] = {{0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}};

template <std::size_t size>
bool in(const Range (&ranges)[size], char32_t code) {
    return std::any_of(std::begin(ranges), std::end(ranges),
                       [code](const Range& range) { return code >= range.first && code <= range.last; });
}

bool is_letter(char32_t code) {
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
}

bool starts_name(char32_t code) {
    if (code < 0x80) return is_letter(code) || code == '_';
    return in(name_start, code);
}

// The colon is left to the callers, who split names at it.
bool continues_name(char32_t code) {
    if (code < 0x80) return starts_name(code) || (code >= '0' && code <= '9') || code == '-' || code == '.';
    return in(name_start, code) || in(name_more, code);
}

constexpr std::array<bool, 128> ascii_name_character = [] {
    std::array<bool, 128> table{};
    for (char c = 'a'; c <= 'z'; ++c) table[static_cast<unsigned>(c)] = true;
    for (char c = 'A'; c <= 'Z'; ++c) table[static_cast<unsigned>(c)] = true;
    for (char c = '0'; c <= '9'; ++c) table[static_cast<unsigned>(c)] = true;
    for (const char c : {'_', '-', '.', ':'}) table[static_cast<unsigned>(c)] = true;
    return table;
}();

// How many bytes from the front are printable ASCII (0x7F counts), in steps of eight. Base64 is nothing else,
// so the speed of the reader is decided here.
std::size_t plain_run(std::string_view bytes) {
    constexpr std::uint64_t ones = 0x0101010101010101u;
    constexpr std::uint64_t highs = ones * 0x80;
    std::size_t at = 0;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, 8);
        // The first term has the high bit of every byte below 0x20, the second of every byte above 0x7F.
        if ((((word - ones * 0x20) | word) & highs) != 0) break;
    }
    return at;
}

}  // namespace

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_blank(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_space);
}

bool is_xml_character(char32_t code) {
    if (code < 0x20) return code == '\t' || code == '\n' || code == '\r';
    return code <= 0xD7FF || (code >= 0xE000 && code <= 0xFFFD) || (code >= 0x10000 && code <= 0x10FFFF);
}

std::size_t name_run(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x80) {
            if (!ascii_name_character[byte]) break;
            ++at;
            continue;
        }
        const auto character = encoding::decode_utf8(text.substr(at));
        if (!character.valid || !continues_name(character.code)) break;
        at += character.length;
    }
    return at;
}

bool is_ncname(std::string_view text) {
    return is_qname(text) && text.find(':') == std::string_view::npos;
}

bool is_qname(std::string_view text) {
    return name_run(text) == text.size() && is_qname_run(text);
}

bool is_qname_run(std::string_view run) {
    const auto starts = [run](std::size_t at) {
        return at < run.size() && starts_name(encoding::decode_utf8(run.substr(at)).code);
    };
    const auto colon = run.find(':');
    if (colon == std::string_view::npos) return starts(0);
    return starts(0) && starts(colon + 1) && run.find(':', colon + 1) == std::string_view::npos;
}

std::size_t find_forbidden(std::string_view bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        at += plain_run(bytes.substr(at));
        // Eight bytes that are not plain, or the last few: one by one.
        const std::size_t stop = std::min(at + 8, bytes.size());
        while (at < stop) {
            const auto character = encoding::decode_utf8(bytes.substr(at));
            if (!character.valid || !is_xml_character(character.code)) return at;
            at += character.length;
        }
    }
    return std::string_view::npos;
}

}  // namespace mullion::xml
