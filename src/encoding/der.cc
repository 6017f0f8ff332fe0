#include "encoding/der.h"

#include <cassert>

namespace mullion::encoding {
namespace {

constexpr unsigned max_length_bytes = 4;

// Takes the length off the front of `rest`. X.690 8.1.3 and 10.1: definite, in as few bytes as possible.
std::optional<std::size_t> take_length(std::string_view& rest) {
    if (rest.empty()) return std::nullopt;
    const auto first = static_cast<unsigned char>(rest[0]);
    rest.remove_prefix(1);
    if (first < 0x80) return first;
    const unsigned count = first & 0x7Fu;  // 0 would be the indefinite form.
    if (count == 0 || count > max_length_bytes || count > rest.size()) return std::nullopt;
    std::size_t length = 0;
    for (unsigned i = 0; i < count; ++i) length = (length << 8) | static_cast<unsigned char>(rest[i]);
    if (rest[0] == 0 || length < 0x80) return std::nullopt;
    rest.remove_prefix(count);
    return length;
}

}  // namespace

std::optional<DerElement> DerReader::next() {
    std::string_view rest = rest_;
    if (rest.empty()) return std::nullopt;
    const auto tag = static_cast<std::uint8_t>(rest[0]);
    if ((tag & 0x1F) == 0x1F) return std::nullopt;  // Tags of several bytes.
    rest.remove_prefix(1);
    const auto length = take_length(rest);
    if (!length || *length > rest.size()) return std::nullopt;
    rest_ = rest.substr(*length);
    return DerElement{tag, rest.substr(0, *length)};
}

std::optional<std::string_view> DerReader::expect(std::uint8_t tag) {
    DerReader ahead = *this;
    const auto element = ahead.next();
    if (!element || element->tag != tag) return std::nullopt;
    *this = ahead;
    return element->content;
}

std::string der_element(std::uint8_t tag, std::string_view content) {
    assert((tag & 0x1F) != 0x1F && content.size() <= 0xFFFFFFFFu);
    std::string out(1, static_cast<char>(tag));
    const std::size_t length = content.size();
    if (length < 0x80) {
        out += static_cast<char>(length);
    } else {
        unsigned count = 1;
        while (count < max_length_bytes && (length >> (8 * count)) != 0) ++count;
        out += static_cast<char>(0x80 | count);
        for (unsigned i = count; i-- > 0;) out += static_cast<char>((length >> (8 * i)) & 0xFF);
    }
    out.append(content);
    return out;  // Not what append() returns: that is a copy, and the content may be a password.
}

}  // namespace mullion::encoding
