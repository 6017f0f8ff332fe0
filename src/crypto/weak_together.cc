// RC4 and MD5 side by side. Both are one long chain of results that need the last one, so that a processor
// stands still in either for most of the time; step by step in turns they take about half as long.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/md5.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>

#include "crypto/rc4_step.h"
#include "crypto/weak.h"

namespace mullion::crypto {
namespace {

constexpr std::size_t kBlock = MD5_CBLOCK;
constexpr int kRounds = 64;

// RFC 1321 3.4: the integer part of 2^32 times |sin(i)|, and by how much each round of four turns.
constexpr std::array<std::uint32_t, kRounds> kSines = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};
constexpr int kTurns[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

using Words = std::array<std::uint32_t, 4>;  // A, B, C and D

constexpr int word_of(int round) {
    switch (round / 16) {
        case 0:
            return round;
        case 1:
            return (5 * round + 1) % 16;
        case 2:
            return (3 * round + 5) % 16;
        default:
            return 7 * round % 16;
    }
}

// F, G, H and I.
template <int group>
[[gnu::always_inline]] inline std::uint32_t mix(std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    if constexpr (group == 0) return d ^ (b & (c ^ d));
    if constexpr (group == 1) return (b & d) + (c & ~d);  // No bit is in both: the sum can be taken apart.
    if constexpr (group == 2) return b ^ c ^ d;
    return c ^ (b | ~d);
}

template <int round>
[[gnu::always_inline]] inline void md5_step(Words& words, const char* block) {
    static_assert(std::endian::native == std::endian::little, "MD5 reads its words as this machine does");
    std::uint32_t word = 0;
    std::memcpy(&word, block + 4 * word_of(round), 4);
    auto& a = words[(kRounds - round) % 4];
    const std::uint32_t b = words[(kRounds - round + 1) % 4];
    const std::uint32_t c = words[(kRounds - round + 2) % 4];
    const std::uint32_t d = words[(kRounds - round + 3) % 4];
    a = std::rotl(a + word + kSines[round] + mix<round / 16>(b, c, d), kTurns[round / 16][round % 4]) + b;
}

struct Box {
    std::uint32_t x;
    std::uint32_t y;
    std::uint32_t* box;
};

template <int... round>
[[gnu::always_inline]] inline void one_block(Box& cipher, char* ciphered, Words& words, const char* summed,
                                             std::integer_sequence<int, round...>) {
    (..., (rc4_step(cipher.x, cipher.y, cipher.box, ciphered[round]), md5_step<round>(words, summed)));
}

// `blocks` of both, from two places that do not overlap within a block. Only when MD5 is at a block's begin.
void go_together(Box& cipher, char* ciphered, MD5_CTX& sum, const char* summed, std::size_t blocks) {
    Box local = cipher;
    Words words = {sum.A, sum.B, sum.C, sum.D};
    for (std::size_t i = 0; i < blocks; ++i, ciphered += kBlock, summed += kBlock) {
        const Words before = words;
        one_block(local, ciphered, words, summed, std::make_integer_sequence<int, kRounds>());
        for (std::size_t j = 0; j < words.size(); ++j) words[j] += before[j];
    }
    cipher.x = local.x;
    cipher.y = local.y;
    sum.A = words[0];
    sum.B = words[1];
    sum.C = words[2];
    sum.D = words[3];
    const std::uint64_t bits = (static_cast<std::uint64_t>(sum.Nh) << 32 | sum.Nl) + blocks * kBlock * 8;
    sum.Nl = static_cast<MD5_LONG>(bits);
    sum.Nh = static_cast<MD5_LONG>(bits >> 32);
}

// How many bytes MD5 needs until its block is full.
std::size_t until_block(const MD5_CTX& sum) {
    return (kBlock - sum.num) % kBlock;
}

}  // namespace

// The checksum follows a block behind: it needs what is in clear.
void decrypt_and_add(Rc4& cipher, HmacMd5& checksum, char* bytes, std::size_t size) {
    auto& sum = *std::launder(reinterpret_cast<MD5_CTX*>(checksum.now_.bytes.data()));
    const std::size_t head = std::min(until_block(sum), size);
    const std::size_t ahead = std::min(head + kBlock, size);
    cipher.apply(bytes, ahead);
    checksum.add({bytes, head});
    const std::size_t whole = (size - ahead) / kBlock * kBlock;
    Box box{cipher.state_.x, cipher.state_.y, cipher.state_.box.data()};
    go_together(box, bytes + ahead, sum, bytes + head, whole / kBlock);
    cipher.state_.x = box.x;
    cipher.state_.y = box.y;
    cipher.apply(bytes + ahead + whole, size - ahead - whole);
    checksum.add({bytes + head + whole, size - head - whole});
}

// The cipher follows a block behind: the checksum needs what is in clear.
void add_and_encrypt(Rc4& cipher, HmacMd5& checksum, char* bytes, std::size_t size) {
    auto& sum = *std::launder(reinterpret_cast<MD5_CTX*>(checksum.now_.bytes.data()));
    const std::size_t ahead = std::min(until_block(sum) + kBlock, size);
    checksum.add({bytes, ahead});
    const std::size_t whole = (size - ahead) / kBlock * kBlock;
    Box box{cipher.state_.x, cipher.state_.y, cipher.state_.box.data()};
    go_together(box, bytes, sum, bytes + ahead, whole / kBlock);
    cipher.state_.x = box.x;
    cipher.state_.y = box.y;
    checksum.add({bytes + ahead + whole, size - ahead - whole});
    cipher.apply(bytes + whole, size - whole);
}

}  // namespace mullion::crypto
