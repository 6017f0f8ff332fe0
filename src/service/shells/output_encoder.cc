#include "service/shells/output_encoder.h"

#include <algorithm>
#include <utility>

#include "encoding/code_page.h"

namespace mullion::service {
namespace {

// Bytes at the end that begin a character which goes on in the next chunk.
std::size_t unfinished(std::string_view bytes) {
    const std::size_t most = std::min<std::size_t>(3, bytes.size());
    for (std::size_t back = 1; back <= most; ++back) {
        const auto byte = static_cast<unsigned char>(bytes[bytes.size() - back]);
        if ((byte & 0xC0) == 0x80) continue;  // In the middle of a character.
        const std::size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
        return length > back ? back : 0;
    }
    return 0;
}

}  // namespace

std::string OutputEncoder::encode(std::string_view chunk) {
    if (code_page_ != code_page_437) return std::string(chunk);
    std::string bytes = std::exchange(held_, {});
    bytes += chunk;
    const std::size_t keep = unfinished(bytes);
    held_ = bytes.substr(bytes.size() - keep);
    bytes.resize(bytes.size() - keep);
    return encoding::utf8_to_cp437(bytes);
}

std::string OutputEncoder::finish() {
    return encoding::utf8_to_cp437(std::exchange(held_, {}));
}

}  // namespace mullion::service
