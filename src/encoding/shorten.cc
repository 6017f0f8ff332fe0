#include <string>

#include "encoding/utf16.h"

namespace mullion::encoding {

std::string shortened(std::string text, std::size_t most) {
    const auto whole = text.size();
    if (whole <= most) return text;
    auto end = most;
    // Back to where a character begins; one has at most four bytes.
    for (int i = 0; i < 3 && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80; ++i) --end;
    text.resize(end);
    text += "… (" + std::to_string(whole) + " bytes)";
    text.shrink_to_fit();
    return text;
}

}  // namespace mullion::encoding
