#include "cli/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/printable.h"
#include "encoding/utf8.h"

namespace mullion::cli {
namespace {

bool is_plain(char c) {
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

// RFC 8259 7: the short escapes of control characters.
char short_escape(char c) {
    switch (c) {
        case '\b':
            return 'b';
        case '\t':
            return 't';
        case '\n':
            return 'n';
        case '\f':
            return 'f';
        case '\r':
            return 'r';
        default:
            return c == '"' || c == '\\' ? c : '\0';
    }
}

// The character that a text begins with, which is none of the plain ones. How many bytes it has.
std::size_t append_character(std::string& out, std::string_view text) {
    if (const char letter = short_escape(text.front()); letter != '\0') {
        out += '\\';
        out += letter;
        return 1;
    }
    const auto character = encoding::decode_utf8(text);
    if (!character.valid)
        out += "\xEF\xBF\xBD";
    else if (steers(character.code))  // None of these is beyond U+FFFF.
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(character.code));
    else
        out += text.substr(0, character.length);
    return character.length;
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
    out += '"';
    while (true) {
        const auto run = std::find_if_not(text.begin(), text.end(), is_plain);
        out.append(text.begin(), run);
        text.remove_prefix(static_cast<std::size_t>(run - text.begin()));
        if (text.empty()) break;
        text.remove_prefix(append_character(out, text));
    }
    out += '"';
}

}  // namespace mullion::cli
