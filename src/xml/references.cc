#include "xml/references.h"

#include "xml/characters.h"

namespace mullion::xml {
namespace {

// The number in "#65" or "#x41"; 0, which is no XML character, when it is not one. XML 1.0 production 66.
char32_t numbered_character(std::string_view body) {
    const bool hex = body.starts_with("#x");
    body.remove_prefix(hex ? 2 : 1);
    if (body.empty()) return 0;
    char32_t code = 0;
    for (const char c : body) {
        unsigned digit = 0;
        if (c >= '0' && c <= '9') {
            digit = static_cast<unsigned>(c - '0');
        } else if (hex && c >= 'a' && c <= 'f') {
            digit = static_cast<unsigned>(c - 'a') + 10;
        } else if (hex && c >= 'A' && c <= 'F') {
            digit = static_cast<unsigned>(c - 'A') + 10;
        } else {
            return 0;
        }
        code = code * (hex ? 16 : 10) + digit;
        if (code > 0x10FFFF) return 0;
    }
    return is_xml_character(code) ? code : 0;
}

}  // namespace

char32_t referenced_character(std::string_view body) {
    if (body.starts_with('#')) return numbered_character(body);
    if (body == "lt") return '<';
    if (body == "gt") return '>';
    if (body == "amp") return '&';
    if (body == "quot") return '"';
    if (body == "apos") return '\'';
    return 0;
}

}  // namespace mullion::xml
