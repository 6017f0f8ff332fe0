#include "xml/source.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "core/secret.h"
#include "encoding/utf16.h"
#include "xml/scanner.h"

namespace mullion::xml {

// A short document may be a request with a password in it (certmapping); what is long is output, and would
// cost time.
constexpr std::size_t longest_wiped = 64 * 1024;

Source::~Source() {
    if (text.size() <= longest_wiped) wipe(text);
}

Result<std::string> to_utf8(std::string document, const Limits& limits) {
    using encoding::ByteOrder;
    const std::string_view bytes = document;
    if (bytes.size() > limits.bytes) {
        return malformed_at(limits.bytes, fmt::format("the document has {} bytes, the limit is {}",
                                                      bytes.size(), limits.bytes));
    }
    const auto starts = [bytes](std::string_view with) { return bytes.starts_with(with); };
    if (starts("\xEF\xBB\xBF")) {
        document.erase(0, 3);
        return document;
    }
    const bool marked = starts("\xFF\xFE") || starts("\xFE\xFF");
    const bool little = starts("\xFF\xFE") || starts(std::string_view("<\0", 2));
    const bool big = starts("\xFE\xFF") || starts(std::string_view("\0<", 2));
    if (!little && !big) return document;
    auto text =
        encoding::utf16_to_utf8(bytes.substr(marked ? 2 : 0), little ? ByteOrder::little : ByteOrder::big);
    wipe(document);
    if (!text) return malformed_at(0, "the document is not valid UTF-16");
    return *std::move(text);
}

}  // namespace mullion::xml
