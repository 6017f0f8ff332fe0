#include "encoding/base64.h"

#include <modp_b64.h>

#include <algorithm>

namespace mullion::encoding {
namespace {

constexpr std::string_view xml_space = " \t\r\n";

std::optional<std::string> decode_unbroken(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;  // Before modp: it would round down.
    std::string bytes(modp_b64_decode_len(text.size()), '\0');
    const std::size_t length = modp_b64_decode(bytes.data(), text.data(), text.size());
    if (length == static_cast<std::size_t>(-1)) return std::nullopt;
    bytes.resize(length);
    // modp does not look at the bits behind the last byte, which must be zero. RFC 4648 3.5
    const std::string_view last = std::string_view(bytes).substr((text.size() / 4 - 1) * 3);
    if (base64_encode(last) != text.substr(text.size() - 4)) return std::nullopt;
    return bytes;
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
    std::string text(modp_b64_encode_len(bytes.size()), '\0');
    text.resize(modp_b64_encode(text.data(), bytes.data(), bytes.size()));
    return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
    if (text.empty()) return std::string();
    // Most text has no white space: only what does not decode is looked at again.
    if (auto bytes = decode_unbroken(text)) return bytes;
    if (text.find_first_of(xml_space) == std::string_view::npos) return std::nullopt;
    std::string unbroken;
    unbroken.reserve(text.size());
    std::copy_if(text.begin(), text.end(), std::back_inserter(unbroken),
                 [](char c) { return xml_space.find(c) == std::string_view::npos; });
    if (unbroken.empty()) return std::string();
    return decode_unbroken(unbroken);
}

}  // namespace mullion::encoding
