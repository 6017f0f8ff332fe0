#include "exporter/text_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace mullion::exporter {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// How many bytes of well-formed UTF-8 begin here; 0 where none do. Unicode 15, table 3-7.
std::size_t utf8_length(std::string_view text) {
    const auto at = [text](std::size_t index) {
        return index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
    };
    const unsigned lead = at(0);
    std::size_t length = 0;
    unsigned least = 0x80, most = 0xBF;  // Of the second byte.
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) length = 2;
    if (lead >= 0xE0 && lead <= 0xEF) length = 3;
    if (lead >= 0xF0 && lead <= 0xF4) length = 4;
    if (lead == 0xE0) least = 0xA0;
    if (lead == 0xED) most = 0x9F;
    if (lead == 0xF0) least = 0x90;
    if (lead == 0xF4) most = 0x8F;
    if (length == 0 || text.size() < length || at(1) < least || at(1) > most) return 0;
    for (std::size_t index = 2; index < length; ++index)
        if (!is_continuation(text[index])) return 0;
    return length;
}

// How many bytes stand for themselves from the first on: nearly all of nearly every text.
std::size_t plain_length(std::string_view text, bool quotes) {
    const auto end = std::find_if(text.begin(), text.end(), [quotes](char byte) {
        return static_cast<unsigned char>(byte) >= 0x80 || byte == '\\' || byte == '\n' ||
               (quotes && byte == '"');
    });
    return static_cast<std::size_t>(end - text.begin());
}

void append_escaped(std::string& out, std::string_view text, bool quotes) {
    while (true) {
        const std::size_t plain = plain_length(text, quotes);
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) return;
        const std::size_t length = utf8_length(text);
        if (length == 0) {
            out += replacement;
        } else if (text.front() == '\\') {
            out += "\\\\";
        } else if (text.front() == '\n') {
            out += "\\n";
        } else if (text.front() == '"') {
            out += "\\\"";
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
}

// What append_label_value() wrote, from behind its quote; `text` then begins with the other one.
std::string take_label_value(std::string_view& text) {
    std::string value;
    while (!text.empty() && text.front() != '"') {
        const bool escaped = text.front() == '\\' && text.size() > 1;
        const char byte = text[escaped ? 1 : 0];
        value += escaped && byte == 'n' ? '\n' : byte;
        text.remove_prefix(escaped ? 2 : 1);
    }
    return value;
}

void append_changed(std::string& out, std::string_view line,
                    const std::function<std::string(std::string)>& change) {
    for (bool inside = false;; inside = !inside) {
        if (inside) {
            append_label_value(out, change(take_label_value(line)));
        } else {
            const auto quote = std::min(line.find('"'), line.size());
            out += line.substr(0, quote);
            line.remove_prefix(quote);
        }
        if (line.empty()) return;
        out += '"';
        line.remove_prefix(1);
    }
}

}  // namespace

void append_help(std::string& out, std::string_view text) {
    append_escaped(out, text, false);
}

void append_label_value(std::string& out, std::string_view text) {
    append_escaped(out, text, true);
}

void append_number(std::string& out, double value) {
    if (std::isnan(value)) {
        out += "NaN";
    } else if (std::isinf(value)) {
        out += value < 0 ? "-Inf" : "+Inf";
    } else {
        std::array<char, 32> digits = {};
        auto* const first = digits.data();
        // 125000000, where the shortest would be 1.25e+08.
        const bool whole = std::abs(value) < 1e17 && value == std::floor(value);
        const auto end =
            whole ? std::to_chars(first, first + digits.size(), static_cast<std::int64_t>(value)).ptr
                  : std::to_chars(first, first + digits.size(), value).ptr;
        out.append(digits.data(), end);
    }
}

void append_header(std::string& out, const Family& family) {
    out += "# HELP ";
    out += family.name;
    out += ' ';
    append_help(out, family.help);
    out += "\n# TYPE ";
    out += family.name;
    out += ' ';
    out += kind_name(family.kind);
    out += '\n';
}

void append_labels(std::string& out, std::span<const std::string_view> names,
                   std::span<const std::string_view> values) {
    char before = '{';
    for (std::size_t at = 0; at < names.size() && at < values.size(); ++at) {
        if (values[at].empty()) continue;
        out += before;
        before = ',';
        out += names[at];
        out += "=\"";
        append_label_value(out, values[at]);
        out += '"';
    }
    if (before == ',') out += '}';
}

std::string with_label_values(std::string_view metrics,
                              const std::function<std::string(std::string)>& change) {
    std::string out;
    out.reserve(metrics.size());
    while (!metrics.empty()) {
        const auto line = metrics.substr(0, std::min(metrics.find('\n'), metrics.size() - 1) + 1);
        metrics.remove_prefix(line.size());
        if (line.front() == '#')
            out += line;
        else
            append_changed(out, line, change);
    }
    return out;
}

}  // namespace mullion::exporter
