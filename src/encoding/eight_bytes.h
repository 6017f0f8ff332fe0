// Looking at eight bytes at a time, for texts that nearly always hold nothing special. No byte of a word is
// told apart from another: where something was found, look at them one by one.
#pragma once

#include <cstdint>
#include <cstring>

namespace mullion::encoding {

inline constexpr std::uint64_t each_byte = 0x0101010101010101u;
inline constexpr std::uint64_t each_high_bit = each_byte * 0x80;

[[nodiscard]] inline std::uint64_t eight_bytes(const char* at) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    return word;
}

// Not zero when some byte is below 0x20 or beyond ASCII: the first term has the high bit of every byte of the
// one kind, the second of the other.
[[nodiscard]] constexpr std::uint64_t unprintable(std::uint64_t word) {
    return ((word - each_byte * 0x20) | word) & each_high_bit;
}

// Not zero when some byte is `c`.
[[nodiscard]] constexpr std::uint64_t has_byte(std::uint64_t word, char c) {
    const std::uint64_t zero = word ^ (each_byte * static_cast<unsigned char>(c));
    return (zero - each_byte) & ~zero & each_high_bit;
}

}  // namespace mullion::encoding
