#include "xml/escape.h"

#include <array>

#include "encoding/utf8.h"
#include "xml/characters.h"

namespace mullion::xml {
namespace {

// What each ASCII byte becomes; nullptr stays as it is.
using Table = std::array<const char*, 128>;

constexpr Table text_table = [] {
    Table table{};
    for (unsigned i = 0; i < 0x20; ++i) table[i] = "?";
    table['\t'] = nullptr;
    table['\n'] = nullptr;
    table['\r'] = "&#xD;";  // Bare, it would come back as a line feed. XML 1.0 2.11
    table['&'] = "&amp;";
    table['<'] = "&lt;";
    table['>'] = "&gt;";  // Because of "]]>".
    return table;
}();

constexpr Table attribute_table = [] {
    Table table = text_table;
    table['\t'] = "&#x9;";  // Bare, these would come back as spaces. XML 1.0 3.3.3
    table['\n'] = "&#xA;";
    table['"'] = "&quot;";
    return table;
}();

// Where the next byte is that does not go as it is. Nearly all text has none.
std::size_t next_special(std::string_view value, std::size_t at, const Table& table) {
    at += plain_run(value.substr(at));
    while (at < value.size()) {
        const auto byte = static_cast<unsigned char>(value[at]);
        if (byte >= 0x80 || table[byte] != nullptr) break;
        ++at;
    }
    return at;
}

void append_escaped(std::string& out, std::string_view value, const Table& table) {
    std::size_t done = 0;  // Up to here it is written; from here to `at` it can go as it is.
    std::size_t at = next_special(value, 0, table);
    while (at < value.size()) {
        const auto byte = static_cast<unsigned char>(value[at]);
        const char* instead = nullptr;
        std::size_t length = 1;
        if (byte < 0x80) {
            instead = table[byte];
        } else {
            const auto character = encoding::decode_utf8(value.substr(at));
            if (character.valid) length = character.length;
            if (!character.valid || !is_xml_character(character.code)) instead = "?";
        }
        if (instead != nullptr) {
            out.append(value, done, at - done);
            out += instead;
            done = at + length;
        }
        at = next_special(value, at + length, table);
    }
    out.append(value, done);
}

}  // namespace

void append_text(std::string& out, std::string_view value) {
    append_escaped(out, value, text_table);
}

void append_attribute(std::string& out, std::string_view value) {
    append_escaped(out, value, attribute_table);
}

}  // namespace mullion::xml
