#include "xml/characters.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "encoding/utf8.h"
#include "xml/runs.h"

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

enum class InName : std::uint8_t { no, starts, continues, colon };

constexpr std::array<InName, 128> ascii_in_name = [] {
    std::array<InName, 128> table{};
    for (char c = 'a'; c <= 'z'; ++c) table[static_cast<unsigned>(c)] = InName::starts;
    for (char c = 'A'; c <= 'Z'; ++c) table[static_cast<unsigned>(c)] = InName::starts;
    for (char c = '0'; c <= '9'; ++c) table[static_cast<unsigned>(c)] = InName::continues;
    table['_'] = InName::starts;
    table['-'] = table['.'] = InName::continues;
    table[':'] = InName::colon;
    return table;
}();

// The character at the front, and how long it is.
InName in_name(std::string_view text, std::size_t& length) {
    const auto byte = static_cast<unsigned char>(text.front());
    length = 1;
    if (byte < 0x80) return ascii_in_name[byte];
    const auto character = encoding::decode_utf8(text);
    if (!character.valid || !continues_name(character.code)) return InName::no;
    length = character.length;
    return starts_name(character.code) ? InName::starts : InName::continues;
}

bool is_printable(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80;
}

bool starts_in_ascii(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x80 && ascii_in_name[byte] == InName::starts;
}

// Nearly every name: ASCII, and behind it something else than a name's. False when it is another one.
bool ascii_name_run(std::string_view text, NameRun& run) {
    const auto found = runs::name<encoding::Sixteen>(text);
    if (!found.ended) return false;
    run.length = found.length;
    run.local = found.colons == 0 ? 0 : static_cast<std::size_t>(std::countr_zero(found.colons)) + 1;
    const bool one_colon = (found.colons & (found.colons - 1)) == 0;
    // What ends the name starts none, so that an empty part is not valid either.
    run.valid = one_colon && starts_in_ascii(text.front()) && starts_in_ascii(text[run.local]);
    return true;
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

NameRun name_run(std::string_view text) {
    NameRun run;
    if (ascii_name_run(text, run)) return run;
    run.valid = true;
    bool at_start = true;  // Of the prefix or of what follows the colon.
    while (run.length < text.size()) {
        std::size_t length = 0;
        const auto kind = in_name(text.substr(run.length), length);
        if (kind == InName::no) break;
        if (at_start && kind != InName::starts) run.valid = false;
        at_start = kind == InName::colon;
        run.length += length;
        if (!at_start) continue;
        if (run.local != 0) run.valid = false;  // A second colon.
        run.local = run.length;
    }
    if (at_start) run.valid = false;
    return run;
}

bool is_ncname(std::string_view text) {
    const auto run = name_run(text);
    return run.valid && run.length == text.size() && run.local == 0;
}

bool is_qname(std::string_view text) {
    const auto run = name_run(text);
    return run.valid && run.length == text.size();
}

std::size_t plain_run(std::string_view bytes) {
    return runs::plain<encoding::Sixteen>(bytes);
}

std::size_t find_forbidden(std::string_view bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        at += runs::printable<encoding::Sixteen>(bytes.substr(at));
        // A block that is not all printable, or the last few: one by one.
        const std::size_t stop = std::min(at + encoding::block_size, bytes.size());
        while (at < stop) {
            if (is_printable(bytes[at])) {
                ++at;
                continue;
            }
            const auto character = encoding::decode_utf8(bytes.substr(at));
            if (!character.valid || !is_xml_character(character.code)) return at;
            at += character.length;
        }
    }
    return std::string_view::npos;
}

}  // namespace mullion::xml
