#include "checks/modes/certificate_store.h"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "wsman/values.h"

namespace mullion::checks {
namespace {

// wincrypt.h
constexpr std::uint32_t certificate_itself = 32;
constexpr std::uint32_t archived_property = 19;
constexpr std::size_t header = 12;

std::uint32_t word_at(std::string_view bytes, std::size_t at) {
    std::uint32_t word = 0;
    for (unsigned i = 0; i < 4; ++i)
        word |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return word;
}

unsigned hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
    return 16;
}

// RFC 2253's escapes undone. `end` is set to where the value ends: at a comma or plus that is not escaped.
std::string value_at(std::string_view text, std::size_t& at) {
    std::string value;
    for (; at < text.size() && text[at] != ',' && text[at] != '+'; ++at) {
        if (text[at] != '\\' || at + 1 >= text.size()) {
            value += text[at];
            continue;
        }
        const auto high = hex_digit(text[at + 1]);
        const auto low = at + 2 < text.size() ? hex_digit(text[at + 2]) : 16;
        if (high < 16 && low < 16) {
            value += static_cast<char>(high * 16 + low);
            at += 2;
        } else {
            value += text[++at];
        }
    }
    return value;
}

// CertNameToStr puts a value into quotes where it holds one of these, or blanks at an end.
std::string quoted_where_needed(const std::string& value) {
    const bool blank = value.empty() || value.front() == ' ' || value.back() == ' ';
    if (!blank && value.find_first_of(",+=\"\n<>#;") == std::string::npos) return value;
    std::string out = "\"";
    for (const char c : value) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
}

// Where Windows' name of a part is another than OpenSSL's.
std::string_view windows_key(std::string_view key) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> others = {
        {{"ST", "S"},
         {"emailAddress", "E"},
         {"street", "STREET"},
         {"title", "T"},
         {"GN", "G"},
         {"initials", "I"},
         {"serialNumber", "SERIALNUMBER"}}};
    for (const auto& [ours, theirs] : others) {
        if (ours == key) return theirs;
    }
    return key;
}

}  // namespace

std::optional<StoredCertificate> read_stored_certificate(std::string_view blob) {
    StoredCertificate found;
    while (!blob.empty()) {
        if (blob.size() < header) return {};
        const auto id = word_at(blob, 0);
        const auto length = word_at(blob, 8);
        if (length > blob.size() - header) return {};
        if (id == certificate_itself) found.der = blob.substr(header, length);
        if (id == archived_property) found.archived = true;
        blob.remove_prefix(header + length);
    }
    if (found.der.empty()) return {};
    return found;
}

std::string windows_name(std::string_view rfc2253) {
    std::string out;
    for (std::size_t at = 0; at < rfc2253.size();) {
        const auto equals = rfc2253.find('=', at);
        if (equals == std::string_view::npos) return std::string(rfc2253);
        const auto key = rfc2253.substr(at, equals - at);
        at = equals + 1;
        // "#0C…": a value that has no text, which Windows writes so too.
        const bool encoded = at < rfc2253.size() && rfc2253[at] == '#';
        const auto value = value_at(rfc2253, at);
        out += windows_key(key);
        out += '=';
        out += encoded ? value : quoted_where_needed(value);
        if (at < rfc2253.size()) out += rfc2253[at++] == '+' ? " + " : ", ";
    }
    return out;
}

std::string windows_store(std::string_view name) {
    for (const std::string_view usual : {"My", "Root", "Trust"}) {
        if (wsman::same_ignoring_case(name, usual)) return std::string(usual);
    }
    return std::string(name);
}

}  // namespace mullion::checks
