#include "prepare/quote.h"

#include <fmt/core.h>

#include <algorithm>

#include "encoding/utf16.h"

namespace mullion::prepare {
namespace {

bool is_plain(unsigned unit) {
    return unit >= 0x20 && unit < 0x7f;
}

// Adds one unit of UTF-16 to an expression that is open inside quotation marks or outside of them.
void add_unit(std::string& out, bool& inside, unsigned unit) {
    if (is_plain(unit)) {
        if (!inside) out += " + '";
        inside = true;
        out += static_cast<char>(unit);
        if (unit == '\'') out += '\'';
        return;
    }
    if (inside) out += '\'';
    inside = false;
    out += fmt::format(" + [char]0x{:04X}", unit);
}

}  // namespace

std::string literal(std::string_view text) {
    const auto units =
        encoding::utf8_to_utf16(encoding::to_valid_utf8(text), encoding::ByteOrder::little).value_or("");
    std::string out = "'";
    bool inside = true;
    bool plain = true;
    for (std::size_t at = 0; at + 1 < units.size(); at += 2) {
        const unsigned unit = static_cast<unsigned char>(units[at]) |
                              static_cast<unsigned>(static_cast<unsigned char>(units[at + 1])) << 8;
        plain = plain && is_plain(unit);
        add_unit(out, inside, unit);
    }
    if (inside) out += '\'';
    return plain ? out : "(" + out + ")";
}

std::string literal_list(const std::vector<std::string>& texts) {
    std::string out = "@(";
    for (const auto& text : texts) {
        if (out.size() > 2) out += ", ";
        out += literal(text);
    }
    return out + ")";
}

std::string literal_lines(std::string_view text) {
    std::string out = "(@(";
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        if (at > 0) out += ",\n    ";
        out += literal(text.substr(at, end - at));
        at = end + 1;
    }
    return out + ") -join [string][char]0x000A)";
}

std::string comment_text(std::string_view text) {
    std::string out;
    for (const char c : text) out += is_plain(static_cast<unsigned char>(c)) ? c : '?';
    return out;
}

}  // namespace mullion::prepare
