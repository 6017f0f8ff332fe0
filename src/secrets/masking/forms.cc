#include "secrets/masking/forms.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "encoding/base64.h"
#include "encoding/code_page.h"
#include "encoding/hex.h"
#include "encoding/utf16.h"
#include "secrets/masking/escapes.h"

namespace mullion::secrets {
namespace {

using encoding::ByteOrder;

enum class Depth { plain, all };

constexpr std::size_t longest_piece = 1024;

// Of text that came in a string, which is wiped.
Secret taken(std::string&& text) {
    Secret secret{text};
    wipe(text);
    return secret;
}

std::optional<Secret> utf16(std::string_view bytes, ByteOrder order) {
    auto made = encoding::utf8_to_utf16(bytes, order);
    if (!made) return std::nullopt;
    return taken(std::move(*made));
}

bool is_ascii(std::string_view bytes) {
    return std::all_of(bytes.begin(), bytes.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

class Collector {
public:
    explicit Collector(std::vector<Secret>& texts) : texts_(texts) {}

    void add(std::string_view bytes, Depth depth) {
        if (bytes.size() < shortest_masked) return;
        texts_.emplace_back(bytes);
        const auto little = utf16(bytes, ByteOrder::little);
        if (little) {
            texts_.push_back(little->clone());
            texts_.push_back(*utf16(bytes, ByteOrder::big));
        }
        if (depth == Depth::plain) return;
        if (little && !is_ascii(bytes)) keep(taken(encoding::utf8_to_cp437(bytes)));
        encodings(bytes);
        if (little) encodings(little->expose());
        for (auto* escape : {url_escaped, json_escaped, xml_escaped, quoted})
            for (auto& form : escape(bytes))
                if (form.expose() != bytes) keep(std::move(form));
    }

private:
    void keep(Secret form) {
        if (form.expose().size() >= shortest_encoded) texts_.push_back(std::move(form));
    }

    void encodings(std::string_view bytes) {
        keep(taken(encoding::to_hex(bytes)));
        keep(taken(encoding::to_upper_hex(bytes)));
        for (std::size_t before = 0; before < 3; ++before) inside_base64(bytes, before);
        base64(bytes);
        // Many tools break base64 into lines of 76 (RFC 2045 6.8) or 64 characters (RFC 7468 2, certutil).
        for (const std::size_t line : {std::size_t{57}, std::size_t{48}})
            for (std::size_t at = 0; bytes.size() > line && at < bytes.size(); at += line)
                base64(bytes.substr(at, line));
    }

    // Behind so many bytes of something else: the characters that are the value's alone, not its neighbours'
    // too.
    void inside_base64(std::string_view bytes, std::size_t before) {
        std::string padded;
        padded.reserve(before + bytes.size());
        padded.append(before, '\0');
        padded += bytes;
        auto encoded = encoding::base64_encode(padded);
        const std::size_t begin = (before * 8 + 5) / 6;
        const std::size_t end = padded.size() * 8 / 6;
        if (begin < end) both_alphabets(std::string_view(encoded).substr(begin, end - begin));
        wipe(encoded);
        wipe(padded);
    }

    // Encoded by itself: what fills its end is known, too.
    void base64(std::string_view bytes) {
        auto encoded = encoding::base64_encode(bytes);
        const std::string_view text(encoded);
        both_alphabets(text);
        if (text.ends_with('=')) both_alphabets(text.substr(0, text.find('=')));
        wipe(encoded);
    }

    // RFC 4648 4 and 5.
    void both_alphabets(std::string_view text) {
        keep(Secret(text));
        if (text.find_first_of("+/") == std::string_view::npos) return;
        std::string other(text);
        std::replace(other.begin(), other.end(), '+', '-');
        std::replace(other.begin(), other.end(), '/', '_');
        keep(taken(std::move(other)));
    }

    std::vector<Secret>& texts_;
};

std::string_view without_line_ends(std::string_view value) {
    while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.remove_suffix(1);
    return value;
}

std::string_view trimmed(std::string_view line) {
    constexpr std::string_view blank = " \t\r";
    const auto begin = line.find_first_not_of(blank);
    if (begin == std::string_view::npos) return {};
    return line.substr(begin, line.find_last_not_of(blank) - begin + 1);
}

bool tells_something(std::string_view line) {
    return std::any_of(line.begin(), line.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
    });
}

// Where a line is too long to be looked for as a whole, its pieces are: what prints it prints all of them.
void add_line(Collector& forms, std::string_view line, Depth depth) {
    line = trimmed(line);
    if (!tells_something(line)) return;
    if (line.size() <= longest_whole) return forms.add(line, depth);
    for (std::size_t at = 0; at < line.size(); at += longest_piece)
        forms.add(line.substr(at, longest_piece), Depth::plain);
}

void add_lines(Collector& forms, std::string_view value, Depth depth) {
    while (!value.empty()) {
        const auto end = std::min(value.find('\n'), value.size());
        add_line(forms, value.substr(0, end), depth);
        value.remove_prefix(std::min(end + 1, value.size()));
    }
}

Forms made_of(const Secret& secret, Depth depth) {
    Forms forms;
    const auto value = without_line_ends(secret.expose());
    if (value.size() < shortest_masked) return forms;
    Collector collector(forms.texts);
    if (value.size() <= longest_whole) {
        forms.coverage = Forms::Coverage::all;
        collector.add(value, depth);
        if (value.find('\n') != std::string_view::npos) add_lines(collector, value, depth);
        return forms;
    }
    forms.coverage = value.size() > most_of_long ? Forms::Coverage::part : Forms::Coverage::lines;
    add_lines(collector, value.substr(0, most_of_long), Depth::plain);
    return forms;
}

}  // namespace

Forms forms_of(const Secret& value) {
    return made_of(value, Depth::all);
}

Forms plain_forms_of(const Secret& value) {
    return made_of(value, Depth::plain);
}

}  // namespace mullion::secrets
