#include "rights/sid.h"

#include <limits>

namespace mullion::rights {
namespace {

constexpr std::size_t most_digits = 10;  // [MS-DTYP] 2.4.2.1: 1*10DIGIT

// Takes a decimal of at most 32 bits from the front.
std::optional<std::uint32_t> take_number(std::string_view& rest) {
    std::uint64_t value = 0;
    std::size_t size = 0;
    for (; size < rest.size() && rest[size] >= '0' && rest[size] <= '9'; ++size) {
        if (size == most_digits) return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(rest[size] - '0');
    }
    if (size == 0 || value > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    rest.remove_prefix(size);
    return static_cast<std::uint32_t>(value);
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool take_0x(std::string_view& rest) {
    if (rest.size() < 2 || rest[0] != '0' || (rest[1] | 0x20) != 'x') return false;
    rest.remove_prefix(2);
    return true;
}

// Below 2^32 in decimal, otherwise "0x" and twelve digits.
std::optional<std::uint64_t> take_authority(std::string_view& rest) {
    if (!take_0x(rest)) return take_number(rest);
    constexpr std::size_t digits = 12;
    if (rest.size() < digits) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        const int digit = hex_digit(rest[i]);
        if (digit < 0) return std::nullopt;
        value = value << 4 | static_cast<std::uint64_t>(digit);
    }
    rest.remove_prefix(digits);
    return value;
}

}  // namespace

std::optional<Sid> Sid::of(std::uint64_t authority, std::span<const std::uint32_t> sub_authorities) {
    Sid sid;
    if (!sid.set(authority, sub_authorities)) return std::nullopt;
    return sid;
}

std::optional<Sid> Sid::with_rid(std::uint32_t rid) const {
    if (count_ == most_sub_authorities) return std::nullopt;
    Sid sid = *this;
    sid.parts_[sid.count_++] = rid;
    return sid;
}

std::string Sid::text() const {
    std::string out = "S-1-";
    if (authority_ <= std::numeric_limits<std::uint32_t>::max()) {
        out += std::to_string(authority_);
    } else {
        out += "0x";
        for (int shift = 44; shift >= 0; shift -= 4) out += "0123456789ABCDEF"[authority_ >> shift & 0xf];
    }
    for (const auto part : sub_authorities()) out += "-" + std::to_string(part);
    return out;
}

// The authority is big-endian, the sub-authorities are little-endian.
std::string Sid::binary() const {
    std::string out{'\x01', static_cast<char>(count_)};
    for (int shift = 40; shift >= 0; shift -= 8) out += static_cast<char>(authority_ >> shift & 0xff);
    for (const auto part : sub_authorities()) {
        for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(part >> shift & 0xff);
    }
    return out;
}

std::optional<SidAtFront> parse_sid_front(std::string_view text) {
    std::string_view rest = text;
    if (rest.size() < 4 || (rest[0] | 0x20) != 's' || rest.substr(1, 3) != "-1-") return std::nullopt;
    rest.remove_prefix(4);
    const auto authority = take_authority(rest);
    if (!authority) return std::nullopt;
    std::array<std::uint32_t, Sid::most_sub_authorities> parts{};
    std::size_t count = 0;
    while (!rest.empty() && rest.front() == '-') {
        rest.remove_prefix(1);
        const auto part = take_number(rest);
        if (!part || count == parts.size()) return std::nullopt;
        parts[count++] = *part;
    }
    const auto sid = Sid::of(*authority, {parts.data(), count});
    if (!sid) return std::nullopt;
    return SidAtFront{*sid, text.size() - rest.size()};
}

std::optional<Sid> parse_sid(std::string_view text) {
    const auto front = parse_sid_front(text);
    if (!front || front->size != text.size()) return std::nullopt;
    return front->sid;
}

std::optional<Sid> read_binary_sid(std::string_view bytes) {
    constexpr std::size_t head = 8;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
    if (bytes.size() < head || byte(0) != 1 || byte(1) > Sid::most_sub_authorities ||
        bytes.size() != head + std::size_t{4} * byte(1))
        return std::nullopt;
    std::uint64_t authority = 0;
    for (std::size_t i = 2; i < head; ++i) authority = authority << 8 | byte(i);
    std::array<std::uint32_t, Sid::most_sub_authorities> parts{};
    for (std::size_t i = 0; i < byte(1); ++i) {
        for (std::size_t b = 4; b-- > 0;) parts[i] = parts[i] << 8 | byte(head + 4 * i + b);
    }
    return Sid::of(authority, {parts.data(), byte(1)});
}

}  // namespace mullion::rights
