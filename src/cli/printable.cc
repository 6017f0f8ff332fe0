#include "cli/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "encoding/utf16.h"
#include "encoding/utf8.h"

namespace mullion::cli {
namespace {

// With what the UTF-8 of a character begins that steers and that JSON does not escape by itself.
constexpr std::array<bool, 256> suspicious = [] {
    std::array<bool, 256> table{};
    for (const unsigned char byte : {0x7F, 0xC2, 0xD8, 0xE2}) table[byte] = true;
    return table;
}();

bool is_suspicious(char c) {
    return suspicious[static_cast<unsigned char>(c)];
}

}  // namespace

std::string printable(std::string_view text) {
    const auto is_plain = [](char c) { return c >= 0x20 && c < 0x7F; };
    if (std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
    const auto valid = encoding::to_valid_utf8(text);
    std::string_view rest = valid;
    std::string result;
    result.reserve(valid.size());
    while (!rest.empty()) {
        const auto character = encoding::decode_utf8(rest);
        if (rest[0] == '\n' || rest[0] == '\t' || rest[0] == '\r') {
            result += ' ';
        } else if (steers(character.code)) {
            result += in_letters(character.code);
        } else {
            result += rest.substr(0, character.length);
        }
        rest.remove_prefix(character.length);
    }
    return result;
}

std::string escaped_json(std::string json) {
    auto found = std::find_if(json.begin(), json.end(), is_suspicious);
    if (found == json.end()) return json;
    std::string out(json.begin(), found);
    out.reserve(json.size() + 64);
    std::string_view rest(json);
    rest.remove_prefix(static_cast<std::size_t>(found - json.begin()));
    while (!rest.empty()) {
        if (!is_suspicious(rest[0])) {
            out += rest[0];
            rest.remove_prefix(1);
            continue;
        }
        const auto character = encoding::decode_utf8(rest);
        if (character.valid && steers(character.code)) {
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(character.code));
        } else {
            out += rest.substr(0, character.length);
        }
        rest.remove_prefix(character.length);
    }
    return out;
}

}  // namespace mullion::cli
