#include "cli/line_prefix.h"

namespace mullion::cli {

std::string LinePrefix::add(std::string_view bytes) {
    std::string lines;
    lines.reserve(bytes.size() + 4 * prefix_.size());
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        const auto length = end == std::string_view::npos ? bytes.size() : end;
        const auto room = longest_line - partial_.size();
        if (length > room) {
            const auto piece = whole_characters(bytes.substr(0, room));
            put_line(lines, piece);
            lines += '\n';
            bytes.remove_prefix(piece.size());
        } else if (end == std::string_view::npos) {
            partial_ += bytes;
            bytes = {};
        } else {
            put_line(lines, bytes.substr(0, end + 1));
            bytes.remove_prefix(end + 1);
        }
    }
    return lines;
}

std::string LinePrefix::flush() {
    std::string line;
    if (partial_.empty()) return line;
    put_line(line, "\n");
    return line;
}

void LinePrefix::put_line(std::string& lines, std::string_view bytes) {
    lines += prefix_;
    lines += partial_;
    lines += bytes;
    partial_.clear();
}

std::string_view whole_characters(std::string_view text) {
    for (std::size_t cut = 1; cut <= 3 && cut <= text.size(); ++cut) {
        const auto byte = static_cast<unsigned char>(text[text.size() - cut]);
        if ((byte & 0xc0) == 0x80) continue;  // A later byte of a character.
        const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
        return length > cut ? text.substr(0, text.size() - cut) : text;
    }
    return text;
}

}  // namespace mullion::cli
