#include "cli/printable.h"

#include <fmt/format.h>

#include "encoding/utf16.h"

namespace mullion::cli {

std::string printable(std::string_view text) {
    const auto valid = encoding::to_valid_utf8(text);
    std::string result;
    result.reserve(valid.size());
    for (std::size_t i = 0; i < valid.size(); ++i) {
        const auto byte = static_cast<unsigned char>(valid[i]);
        const auto next = i + 1 < valid.size() ? static_cast<unsigned char>(valid[i + 1]) : 0;
        if (byte == '\n' || byte == '\t' || byte == '\r') {
            result += ' ';
        } else if (byte < 0x20 || byte == 0x7f) {
            result += fmt::format("\\x{:02x}", byte);
        } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {  // U+0080 to U+009F: 0x9b alone is CSI.
            result += fmt::format("\\x{:02x}", next);
            ++i;
        } else {
            result += valid[i];
        }
    }
    return result;
}

}  // namespace mullion::cli
