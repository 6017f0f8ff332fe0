#include "secrets/masking/escapes.h"

#include <array>
#include <cstdint>
#include <string>

#include "core/utf8.h"
#include "encoding/utf16.h"

namespace mullion::secrets {
namespace {

// Text that is made of a value a piece at a time: never copied by growing, and wiped.
class Scratch {
public:
    explicit Scratch(std::size_t most) { text_.reserve(most); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { wipe(text_); }

    void add(char byte) { text_ += byte; }
    void add(std::string_view bytes) { text_ += bytes; }
    void add_hex(unsigned number, unsigned digits, bool upper) {
        for (unsigned left = digits; left-- > 0;) {
            const unsigned digit = number >> (4 * left) & 0xF;
            text_ += (upper ? "0123456789ABCDEF" : "0123456789abcdef")[digit];
        }
    }
    [[nodiscard]] Secret secret() const { return Secret(text_); }

private:
    std::string text_;
};

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

struct UrlStyle {
    std::string_view left_alone;  // Beside letters and digits.
    bool upper;
    bool plus;  // For a blank.
};

Secret url_in(const UrlStyle& style, std::string_view value) {
    Scratch text(3 * value.size());
    for (const char c : value) {
        if (is_letter_or_digit(c) || style.left_alone.find(c) != std::string_view::npos) {
            text.add(c);
        } else if (c == ' ' && style.plus) {
            text.add('+');
        } else {
            text.add('%');
            text.add_hex(static_cast<unsigned char>(c), 2, style.upper);
        }
    }
    return text.secret();
}

struct JsonStyle {
    bool slash, ascii, html, upper;
};

// RFC 8259 7: the short escapes.
char short_escape(char32_t c) {
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
            return c == '"' || c == '\\' ? static_cast<char>(c) : '\0';
    }
}

void add_unit(Scratch& text, unsigned unit, bool upper) {
    text.add("\\u");
    text.add_hex(unit, 4, upper);
}

void add_escaped(Scratch& text, char32_t code, bool upper) {
    if (code < 0x10000) return add_unit(text, static_cast<unsigned>(code), upper);
    // RFC 8259 7: beyond the first plane, a pair of surrogates.
    const auto rest = static_cast<unsigned>(code) - 0x10000;
    add_unit(text, 0xD800 + (rest >> 10), upper);
    add_unit(text, 0xDC00 + (rest & 0x3FF), upper);
}

bool is_html(char32_t c) {
    return c == '<' || c == '>' || c == '&' || c == '\'';
}

Secret json_in(const JsonStyle& style, std::string_view value) {
    Scratch text(
        6 * value.size());  // A byte becomes at most \u00XX; a character of two or more, no more than that.
    while (!value.empty()) {
        const auto character = decode_utf8(value);
        const auto code = character.code;
        if (const char letter = short_escape(code); letter != '\0') {
            text.add('\\');
            text.add(letter);
        } else if (code == '/' && style.slash) {
            text.add("\\/");
        } else if (code < 0x20 || (style.html && is_html(code)) || (style.ascii && code >= 0x7F)) {
            add_escaped(text, code, style.upper);
        } else {
            text.add(value.substr(0, character.length));
        }
        value.remove_prefix(character.length);
    }
    return text.secret();
}

struct XmlStyle {
    std::string_view quote, apostrophe;  // Empty: as they are.
};

Secret xml_in(const XmlStyle& style, std::string_view value) {
    Scratch text(6 * value.size());
    for (const char c : value) {
        if (c == '&') {
            text.add("&amp;");
        } else if (c == '<') {
            text.add("&lt;");
        } else if (c == '>') {
            text.add("&gt;");
        } else if (c == '"' && !style.quote.empty()) {
            text.add(style.quote);
        } else if (c == '\'' && !style.apostrophe.empty()) {
            text.add(style.apostrophe);
        } else {
            text.add(c);
        }
    }
    return text.secret();
}

// What stands before each of some characters.
struct QuoteStyle {
    std::string_view characters;
    std::string_view before;  // Empty: the character itself, which is then there twice.
};

Secret quoted_in(const QuoteStyle& style, std::string_view value) {
    Scratch text(4 * value.size());
    for (const char c : value) {
        if (style.characters.find(c) != std::string_view::npos)
            text.add(style.before.empty() ? std::string_view(&c, 1) : style.before);
        text.add(c);
    }
    return text.secret();
}

void add_new(std::vector<Secret>& found, Secret form) {
    for (const auto& other : found)
        if (other.same_as(form)) return;
    found.push_back(std::move(form));
}

}  // namespace

std::vector<Secret> url_escaped(std::string_view value) {
    constexpr std::array<std::string_view, 4> left_alone{
        "-._~",       // RFC 3986 2.3
        "-._~/",      // Python's quote()
        "-._~!*'()",  // encodeURIComponent()
        "-._!*()",    // System.Web's UrlEncode
    };
    std::vector<Secret> found;
    for (const auto kept : left_alone)
        for (const bool upper : {true, false})
            for (const bool plus : {false, true}) add_new(found, url_in({kept, upper, plus}, value));
    // application/x-www-form-urlencoded leaves "*" and not "~" (WHATWG URL 5.2).
    add_new(found, url_in({"-._*", true, true}, value));
    return found;
}

std::vector<Secret> json_escaped(std::string_view value) {
    std::vector<Secret> found;
    if (!encoding::is_utf8(value)) return found;
    for (const bool slash : {false, true})
        for (const bool ascii : {false, true})
            for (const bool html : {false, true})
                for (const bool upper : {false, true})
                    add_new(found, json_in({slash, ascii, html, upper}, value));
    return found;
}

std::vector<Secret> quoted(std::string_view value) {
    constexpr std::array<QuoteStyle, 8> styles{{
        {"'", ""},
        {"\"", ""},
        {"`$\"", "`"},
        {"\"", "\\"},
        {"'", "\\"},
        {"$`\"\\", "\\"},  // Between " of a POSIX shell.
        {"'", "'\\'"},
        {"&|<>^()\"", "^"},
    }};
    std::vector<Secret> found;
    for (const auto& style : styles) add_new(found, quoted_in(style, value));
    return found;
}

std::vector<Secret> xml_escaped(std::string_view value) {
    std::vector<Secret> found;
    for (const std::string_view quote : {"", "&quot;", "&#34;"})
        for (const std::string_view apostrophe : {"", "&apos;", "&#39;"})
            add_new(found, xml_in({quote, apostrophe}, value));
    return found;
}

}  // namespace mullion::secrets
