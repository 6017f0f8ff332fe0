#include "xml/values.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "encoding/utf8.h"
#include "xml/references.h"

namespace mullion::xml {
namespace {

bool special_in_attribute(char c) {
    return c == '&' || c == '\r' || c == '\n' || c == '\t';
}

}  // namespace

// Attributes are short; texts may be long, and each search of theirs is one that the C library does many
// bytes at a time.
std::size_t first_special(std::string_view raw, ValueKind kind) {
    if (kind == ValueKind::attribute) {
        const auto* const found = std::find_if(raw.begin(), raw.end(), special_in_attribute);
        return found == raw.end() ? std::string_view::npos : static_cast<std::size_t>(found - raw.begin());
    }
    const auto line_end = raw.find('\r');
    return kind == ValueKind::cdata ? line_end : std::min(line_end, raw.find('&'));
}

std::string_view decode_value(std::string_view raw, ValueKind kind, char* const begin) {
    const bool attribute = kind == ValueKind::attribute;
    std::size_t at = std::min(first_special(raw, kind), raw.size());
    if (begin != raw.data() && at > 0) std::memcpy(begin, raw.data(), at);
    char* out = begin + at;
    while (at < raw.size()) {
        const char c = raw[at];
        if (c == '&' && kind != ValueKind::cdata) {
            const auto end = raw.find(';', at);
            const auto code = referenced_character(raw.substr(at + 1, end - at - 1));
            std::string character;
            encoding::append_utf8(character, code);
            out = std::copy(character.begin(), character.end(), out);
            at = end + 1;
            continue;
        }
        const bool pair = c == '\r' && at + 1 < raw.size() && raw[at + 1] == '\n';
        const bool white = c == '\r' || (attribute && (c == '\n' || c == '\t'));
        *out++ = white ? (attribute ? ' ' : '\n') : c;
        at += pair ? 2 : 1;
    }
    return {begin, static_cast<std::size_t>(out - begin)};
}

}  // namespace mullion::xml
