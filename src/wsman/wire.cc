#include "wsman/wire.h"

#include "encoding/utf16.h"
#include "wsman/values.h"

namespace mullion::wsman {

std::optional<Charset> charset_of(std::string_view name) {
    if (name.empty() || same_ignoring_case(name, "utf-8")) return Charset::utf8;
    if (same_ignoring_case(name, "utf-16") || same_ignoring_case(name, "utf-16le")) return Charset::utf16;
    return std::nullopt;
}

Result<std::string> to_wire(std::string_view envelope, Charset charset) {
    if (charset == Charset::utf8) return std::string(envelope);
    auto wide = encoding::utf8_to_utf16(envelope, encoding::ByteOrder::little);
    if (!wide) return malformed("the envelope is not UTF-8 and cannot be turned into UTF-16");
    wide->insert(0, "\xFF\xFE");
    return std::move(*wide);
}

}  // namespace mullion::wsman
