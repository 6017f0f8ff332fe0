// Looking at sixteen bytes at a time. A block says which of its bytes are of a kind, as a Set; mask() makes
// of it a number whose lowest bit is the first byte. Two ways that say the same: in two words on any machine,
// and in one register where there is SSE2 (every x86-64).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "encoding/eight_bytes.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace mullion::encoding {

inline constexpr std::size_t block_size = 16;
inline constexpr std::uint32_t whole_mask = 0xFFFF;

class SixteenInWords {
public:
    // The high bit of each byte that is in it.
    struct Set {
        std::uint64_t front, back;
        Set operator|(Set other) const { return {front | other.front, back | other.back}; }
        [[nodiscard]] std::uint32_t mask() const { return packed(front) | packed(back) << 8; }
    };

    explicit SixteenInWords(const char* at) : front_(word(at)), back_(word(at + 8)) {}
    // All of 8 to 16 bytes, some of them twice: for asking whether there is something in them, not where.
    static SixteenInWords all_of(const char* at, std::size_t size) { return {word(at), word(at + size - 8)}; }

    [[nodiscard]] Set equal(char c) const { return {equal(front_, c), equal(back_, c)}; }
    // Of ASCII: first <= byte <= last.
    [[nodiscard]] Set within(char first, char last) const {
        return {within(front_, first, last), within(back_, first, last)};
    }
    // Below 0x20 or beyond ASCII.
    [[nodiscard]] Set unprintable() const { return {outside(front_), outside(back_)}; }
    // The block with these bits set in every byte, so that two characters that differ in them become one.
    [[nodiscard]] SixteenInWords with(char bits) const {
        return {front_ | each_byte * byte(bits), back_ | each_byte * byte(bits)};
    }

private:
    SixteenInWords(std::uint64_t front, std::uint64_t back) : front_(front), back_(back) {}

    static constexpr std::uint64_t byte(char c) { return static_cast<unsigned char>(c); }
    static std::uint64_t word(const char* at) {
        const auto bytes = eight_bytes(at);
        return std::endian::native == std::endian::big ? __builtin_bswap64(bytes) : bytes;
    }
    // In each of these no byte borrows from its neighbour: the high bit is set where something is taken away.
    static std::uint64_t equal(std::uint64_t word, char c) {
        const auto zero = word ^ (each_byte * byte(c));
        return ~(((zero & ~each_high_bit) + ~each_high_bit) | zero) & each_high_bit;
    }
    static std::uint64_t at_least(std::uint64_t word, std::uint64_t least) {
        return (word | each_high_bit) - each_byte * least;
    }
    static std::uint64_t within(std::uint64_t word, char first, char last) {
        return at_least(word, byte(first)) & ~at_least(word, byte(last) + 1) & ~word & each_high_bit;
    }
    static std::uint64_t outside(std::uint64_t word) {
        return (word | ~at_least(word, 0x20)) & each_high_bit;
    }
    // The high bits of eight bytes, side by side: the product brings each of them to the front.
    static std::uint32_t packed(std::uint64_t bits) {
        return static_cast<std::uint32_t>((bits >> 7) * 0x0102'0408'1020'4080u >> 56);
    }

    std::uint64_t front_, back_;
};

#ifdef __SSE2__
class SixteenInRegister {
public:
    struct Set {
        __m128i bytes;
        Set operator|(Set other) const { return {_mm_or_si128(bytes, other.bytes)}; }
        [[nodiscard]] std::uint32_t mask() const {
            return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
        }
    };

    explicit SixteenInRegister(const char* at)
        : bytes_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at))) {}

    [[nodiscard]] Set equal(char c) const { return {_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(c))}; }
    [[nodiscard]] Set within(char first, char last) const {
        // Unsigned; what was below `first` is large now.
        const auto above = _mm_sub_epi8(bytes_, _mm_set1_epi8(first));
        const auto width = _mm_set1_epi8(static_cast<char>(last - first));
        return {_mm_cmpeq_epi8(_mm_min_epu8(above, width), above)};
    }
    [[nodiscard]] Set unprintable() const {
        return {_mm_cmplt_epi8(bytes_, _mm_set1_epi8(0x20))};  // Signed: beyond ASCII is below zero.
    }
    [[nodiscard]] SixteenInRegister with(char bits) const {
        return SixteenInRegister(_mm_or_si128(bytes_, _mm_set1_epi8(bits)));
    }

private:
    explicit SixteenInRegister(__m128i bytes) : bytes_(bytes) {}

    __m128i bytes_;
};
using Sixteen = SixteenInRegister;
#else
using Sixteen = SixteenInWords;
#endif

}  // namespace mullion::encoding
