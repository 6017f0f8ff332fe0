#include "cli/terminal_text.h"

#include "cli/printable.h"
#include "encoding/utf8.h"

namespace mullion::cli {
std::size_t TerminalText::show_one(std::string& out, std::string_view rest, bool last) const {
    if (rest[0] == '\r' && !returns_) {
        if (rest.size() == 1 && !last) return 0;
        if (rest.size() > 1 && rest[1] == '\n') {
            out += "\r\n";
            return 2;
        }
        out += in_letters("\r");
        return 1;
    }
    if (rest[0] == '\n' || rest[0] == '\t' || rest[0] == '\r') {
        out += rest[0];
        return 1;
    }
    const auto character = encoding::decode_utf8(rest);
    const auto bytes = rest.substr(0, character.length);
    if (!character.valid) {
        const bool cut = character.length == rest.size() && static_cast<unsigned char>(rest[0]) >= 0xC2;
        if (cut && !last) return 0;
        out += in_letters(bytes);
    } else if (steers(character.code)) {
        out += in_letters(character.code);
    } else {
        out += bytes;
    }
    return bytes.size();
}

std::string TerminalText::add(std::string_view output) {
    const std::string all = held_.empty() ? std::string() : held_.append(output);
    held_.clear();
    std::string_view rest = all.empty() ? output : std::string_view(all);
    std::string out;
    out.reserve(rest.size());
    while (!rest.empty()) {
        const auto taken = show_one(out, rest, false);
        if (taken == 0) break;
        rest.remove_prefix(taken);
    }
    held_ = rest;
    return out;
}

std::string TerminalText::flush() {
    std::string out;
    for (std::string_view rest = held_; !rest.empty();) rest.remove_prefix(show_one(out, rest, true));
    held_.clear();
    return out;
}

}  // namespace mullion::cli
